import { act, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { textAttachment } from "../attachments/attachment";
import { createChatState } from "../chat/state";
import { assistantNode, byId, userNode } from "../chat/tree";
import { editedTexts } from "./editedTexts";
import { UserMessage } from "./UserMessage";

const edit = vi.fn(async () => {});
const services = { state: createChatState(), conversations: { messages: { edit } } };
const Page = ({ children }: { readonly children: ReactNode }) => withServices(services, children);
const base = { id: "u", chatId: "c", parentId: null, createdAt: 0 };
const show = (node = userNode(base, "Before")) => render(<UserMessage node={node} />, { wrapper: Page });
const openEditor = () => fireEvent.click(screen.getByRole("button", { name: "Edit message" }));
const editor = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Edit message" });

beforeEach(() => void edit.mockClear());

describe("UserMessage", () => {
  it("keeps an edit in progress while it is not drawn, and leaves the keyboard where it is afterwards", () => {
    const { unmount } = show();
    openEditor();
    expect(document.activeElement).toBe(editor());
    fireEvent.change(editor(), { target: { value: "After" } });
    unmount();

    show();

    expect(editor().value).toBe("After");
    expect(document.activeElement).not.toBe(editor());
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
    expect(screen.getByText("Before")).toBeTruthy();
  });

  it("keeps changed text that Esc closes for the next time, until it is canceled", () => {
    show();
    openEditor();
    fireEvent.change(editor(), { target: { value: "After" } });
    fireEvent.keyDown(editor(), { key: "Escape" });
    expect(screen.getByText("Before")).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Edit message" }));

    openEditor();
    expect(editor().value).toBe("After");
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));

    openEditor();
    expect(editor().value).toBe("Before");
    fireEvent.keyDown(editor(), { key: "Escape" });
    expect(editedTexts.getState().size).toBe(0);
  });

  it("is marked while the answer to another version of it waits for the user", () => {
    const waiting = assistantNode({ ...base, id: "a", parentId: "u" }, { tools: [] });
    const edited = userNode({ ...base, id: "v", createdAt: 1 }, "After");
    const nodes = (parked: boolean) =>
      byId([userNode(base, "Before"), { ...waiting, turn: { ...waiting.turn, parked } }, edited]);
    services.state.setState({ nodes: new Map([["c", nodes(true)]]) });

    const { unmount } = show(edited);
    expect(screen.getByLabelText("Waiting for you").closest("[role=group]")?.textContent).toBe("2/2");
    act(() => services.state.setState({ nodes: new Map([["c", nodes(false)]]) }));
    expect(screen.queryByLabelText("Waiting for you")).toBeNull();

    act(() => services.state.setState({ nodes: new Map([["c", nodes(true)]]) }));
    unmount();
    show();
    expect(screen.queryByLabelText("Waiting for you")).toBeNull(); // it shows that itself
    services.state.setState({ nodes: new Map() });
  });

  it("shows the files of a message in its editor, and sends them again without a text", () => {
    const node = userNode(base, "", [textAttachment("notes.txt", "x")]);
    show(node);
    openEditor();

    expect(screen.getByText("notes.txt")).toBeTruthy();
    fireEvent.keyDown(editor(), { key: "Enter" });

    expect(edit).toHaveBeenCalledExactlyOnceWith(node, "", expect.anything());
  });

  it("does not send an empty message", () => {
    show();
    openEditor();
    fireEvent.change(editor(), { target: { value: " " } });
    fireEvent.keyDown(editor(), { key: "Enter" });

    expect(edit).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  });

  it("is printed as it was sent, and still edited afterwards", () => {
    show();
    openEditor();
    fireEvent.change(editor(), { target: { value: "After" } });

    act(() => void dispatchEvent(new Event("beforeprint")));
    expect(screen.getByText("Before")).toBeTruthy();
    act(() => void dispatchEvent(new Event("afterprint")));

    expect(editor().value).toBe("After");
    fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  });
});
