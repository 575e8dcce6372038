import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ChoiceDialog } from "./ChoiceDialog";
import { MessageEditor } from "./MessageEditor";

// What is typed with an input method: Enter takes its suggestion, Esc drops it.
const composing = { isComposing: true, keyCode: 229 };

it("The Enter that ends a composition does not choose from a list", () => {
  const onChosen = vi.fn();
  render(
    <ChoiceDialog
      title="Title"
      label="Search"
      placeholder=""
      listLabel="Found"
      empty=""
      query=""
      onQuery={() => {}}
      choices={[{ key: "a", primary: "A" }]}
      onChosen={onChosen}
      onClose={() => {}}
    />,
  );
  const field = screen.getByRole("combobox");

  fireEvent.keyDown(field, { key: "Enter", ...composing });
  expect(onChosen).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Enter" });
  expect(onChosen).toHaveBeenCalledWith(0);
});

it("The Esc that ends a composition does not close an edited message", () => {
  const onClose = vi.fn();
  render(
    <MessageEditor
      text="Text"
      attachments={undefined}
      takesFocus
      onChange={() => {}}
      onSend={() => {}}
      onCancel={() => {}}
      onClose={onClose}
    />,
  );
  const field = screen.getByRole("textbox");

  fireEvent.keyDown(field, { key: "Escape", ...composing });
  expect(onClose).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Escape" });
  expect(onClose).toHaveBeenCalled();
});
