import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Dialog } from "./Dialog";

function open() {
  render(
    <Dialog title="Title" onClose={() => {}}>
      <textarea aria-label="Text" />
    </Dialog>,
  );
  return { dialog: screen.getByRole<HTMLDialogElement>("dialog"), text: screen.getByLabelText("Text") };
}

it("A dialog stays open when a selection of its text ends outside of it", () => {
  const { dialog, text } = open();

  fireEvent.pointerDown(text);
  fireEvent.click(dialog); // the browser clicks what contains both ends

  expect(dialog.open).toBe(true);
});

it("A dialog closes when the user presses and releases outside of it", () => {
  const { dialog } = open();

  fireEvent.pointerDown(dialog);
  fireEvent.click(dialog);

  expect(dialog.open).toBe(false);
});
