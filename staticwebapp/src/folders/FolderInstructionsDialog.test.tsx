import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { strings } from "../i18n/strings";
import { FolderInstructionsDialog } from "./FolderInstructionsDialog";

function show(text: string) {
  const state = createChatState();
  const chat = { ...newChat("a", "a", 0), folder: "Science" };
  const folderInstructions = { folder: "Science", text, changedAt: 1 };
  state.setState({ chats: new Map([["a", { ...chat, folderInstructions }]]) });
  const instruct = vi.fn(async () => {});
  const onClose = vi.fn();
  const dialog = () =>
    withServices(
      { state, conversations: { chats: { instruct } } },
      <FolderInstructionsDialog folder="Science" onClose={onClose} />,
    );
  const { rerender } = render(dialog());
  const receive = (newer: string) => {
    const instructions = { folder: "Science", text: newer, changedAt: 2 };
    act(() => state.setState({ chats: new Map([["a", { ...chat, folderInstructions: instructions }]]) }));
    rerender(dialog());
  };
  return { instruct, onClose, receive };
}

const field = () => screen.getByRole<HTMLTextAreaElement>("textbox", { hidden: true });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name, hidden: true }));

it("shows the instructions of the folder, and saves what the user changes", () => {
  const { instruct, onClose } = show("Cite sources.");
  expect(field().value).toBe("Cite sources.");
  fireEvent.change(field(), { target: { value: "Cite sources.\nBe brief.\n" } });

  press(strings.saveItem);

  expect(instruct).toHaveBeenCalledWith("Science", "Cite sources.\nBe brief.");
  expect(onClose).toHaveBeenCalled();
});

it.each([
  ["they are not changed", strings.saveItem, "Cite sources. "],
  ["the user cancels", strings.cancel, "Be brief."],
])("saves nothing where %s", (_, button, text) => {
  const { instruct } = show("Cite sources.");
  fireEvent.change(field(), { target: { value: text } });

  press(button);

  expect(instruct).not.toHaveBeenCalled();
});

it("shows what was typed before it was closed, until that is saved or canceled", () => {
  show("Cite sources.");
  fireEvent.change(field(), { target: { value: "Be brief." } });
  cleanup();

  show("Cite sources.");
  expect(field().value).toBe("Be brief.");
  press(strings.cancel);
  cleanup();

  show("Cite sources.");
  expect(field().value).toBe("Cite sources.");
});

it("saves nothing where only another device has changed them meanwhile", () => {
  const { instruct, receive } = show("Cite sources.");
  receive("Be brief.");

  press(strings.saveItem);

  expect(instruct).not.toHaveBeenCalled();
});
