import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
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
