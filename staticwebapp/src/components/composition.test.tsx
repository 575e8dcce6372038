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

it("The Esc that ends a composition does not discard an edited message", () => {
  const onCancel = vi.fn();
  render(
    <MessageEditor
      text="Text"
      attachments={undefined}
      takesFocus
      onChange={() => {}}
      onSend={() => {}}
      onCancel={onCancel}
    />,
  );
  const field = screen.getByRole("textbox");

  fireEvent.keyDown(field, { key: "Escape", ...composing });
  expect(onCancel).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: "Escape" });
  expect(onCancel).toHaveBeenCalled();
});
