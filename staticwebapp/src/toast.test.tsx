import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Toasts } from "./components/Toasts";
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
