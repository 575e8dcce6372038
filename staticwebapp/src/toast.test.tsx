import { act, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Toasts } from "./components/Toasts";
import { useLanguage } from "./hooks/useLanguage";
import { loadLanguage, strings } from "./i18n/strings";
import { toast, toastsWanted } from "./toast";

it("shows a toast that was asked for before the part that shows it was there, and those that follow", async () => {
  expect(toastsWanted.getState()).toBe(false);

  toast.error("The disk is full.");

  expect(toastsWanted.getState()).toBe(true);
  render(<Toasts />);
  await screen.findByText("The disk is full.");
  toast("And more.");
  await screen.findByText("And more.");
});

it("shows a note that stays in the language of the page", async () => {
  const Page = () => {
    useLanguage();
    return <Toasts />;
  };
  render(<Page />);
  toast.warning(() => strings.nothingKept, { duration: Number.POSITIVE_INFINITY });
  await screen.findByText(/^This browser lets/);

  await act(() => loadLanguage("de"));

  expect(screen.getByText(/^Dieser Browser lässt/)).toBeDefined();
});

it("shows a toast with an action for ten seconds, and others for less", () => {
  vi.useFakeTimers();
  const undo = { label: "Put back", onClick: () => {} };
  render(<Toasts />);
  act(() => {
    toast("Chat deleted.", { action: undo });
    toast.error("The answer failed.", { action: undo });
    toast("Copied.");
    vi.advanceTimersByTime(100);
  });
  expect(screen.getAllByRole("button", { name: "Put back" })).toHaveLength(2);

  act(() => vi.advanceTimersByTime(9_500));

  expect(screen.queryByText("Copied.")).toBeNull();
  expect(screen.getAllByRole("button", { name: "Put back" })).toHaveLength(2);
  act(() => vi.advanceTimersByTime(1_000));
  act(() => vi.advanceTimersByTime(1_000)); // it leaves the screen
  expect(screen.queryByRole("button", { name: "Put back" })).toBeNull();
});
