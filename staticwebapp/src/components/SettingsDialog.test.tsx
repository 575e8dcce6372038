import { File as NodeFile } from "node:buffer";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import type { ChatState } from "../chat/state";
import { strings } from "../i18n/strings";
import { settings } from "../settings/settings";
import { toast } from "../toast";
import SettingsDialog from "./SettingsDialog";

async function show(changes: Partial<ChatState>) {
  const { state, conversations, storage } = openPage("http://127.0.0.1:1", await openBrowser());
  state.setState(changes);
  const onClose = vi.fn();
  const api = { listToolServers: async () => [], usage: async () => ({ tokensThisMonth: 0, budgets: [] }) };
  render(withServices({ state, conversations, api }, <SettingsDialog onClose={onClose} />));
  return { state, storage, onClose };
}

describe("Delete all chats", () => {
  const two = new Map(["a", "b"].map((id) => [id, newChat(id, id, 0)]));

  it("deletes nothing until the user confirms", async () => {
    const { state } = await show({ chats: two });

    await userEvent.click(screen.getByRole("button", { name: strings.deleteAllChats }));

    const cancel = screen.getByRole("button", { name: strings.cancel });
    expect(document.activeElement).toBe(cancel);
    await userEvent.click(cancel);
    expect(screen.queryByRole("button", { name: "Delete 2 chats" })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: strings.deleteAllChats }));
    expect(state.getState().chats.size).toBe(2);
  });

  it("deletes all of them once the user has confirmed", async () => {
    const { state, onClose } = await show({ chats: two, openId: "a" });

    await userEvent.click(screen.getByRole("button", { name: strings.deleteAllChats }));
    await userEvent.click(screen.getByRole("button", { name: "Delete 2 chats" }));

    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(state.getState().chats.size).toBe(0);
    expect(state.getState().openId).toBeNull();
  });
});

describe("A deletion of all chats", () => {
  it.each([
    [true, 1],
    [false, 0],
  ])("is reported as done only when storage has deleted them: %s", async (isStored, reports) => {
    const success = vi.spyOn(toast, "success").mockReturnValue();
    const { storage, onClose } = await show({ chats: new Map(["a", "b"].map((id) => [id, newChat(id, id, 0)])) });
    if (!isStored) {
      Object.assign(storage, { removeAll: () => Promise.reject(new DOMException("Failed", "UnknownError")) });
    }
    await userEvent.click(screen.getByRole("button", { name: strings.deleteAllChats }));

    await userEvent.click(screen.getByRole("button", { name: "Delete 2 chats" }));

    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(success).toHaveBeenCalledTimes(reports);
    success.mockRestore();
  });
});

describe("The instructions of a chat", () => {
  it("are set before the chat begins", async () => {
    const { state } = await show({ openId: null, view: "chat" });

    await userEvent.type(screen.getByLabelText(strings.chatInstructions), "Be brief.");
    await userEvent.tab();

    expect(state.getState().newChatOptions).toEqual({ systemPrompt: "Be brief." });
  });

  it("are kept when Back closes the dialog while they are typed", async () => {
    const { state, onClose } = await show({ openId: null, view: "chat" });
    await userEvent.type(screen.getByLabelText(strings.chatInstructions), "Be brief.");

    history.back();

    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(state.getState().newChatOptions).toEqual({ systemPrompt: "Be brief." });
  });

  it("are shown in the chat that they apply to", async () => {
    const chat = { ...newChat("c", "Tides", 0), options: { systemPrompt: "Ask first." } };
    await show({ openId: "c", view: "chat", chats: new Map([["c", chat]]) });

    expect(screen.getByLabelText<HTMLTextAreaElement>(strings.chatInstructions).value).toBe("Ask first.");
  });

  it("are not offered where no chat is shown", async () => {
    await show({ openId: null, view: "search" });

    expect(screen.queryByLabelText(strings.chatInstructions)).toBeNull();
  });
});

describe("What the model should know about the user", () => {
  it("is kept, and can be cleared", async () => {
    await show({ openId: null, view: "search" });
    const field = screen.getByLabelText<HTMLTextAreaElement>(strings.aboutUser);

    await userEvent.type(field, "I teach physics.");
    expect(settings.getState().aboutUser).toBe("I teach physics.");
    expect(JSON.parse(localStorage.getItem("funcchat.settings") ?? "")).toMatchObject({
      aboutUser: "I teach physics.",
    });

    await userEvent.clear(field);
    expect(settings.getState().aboutUser).toBe("");
  });

  it("has a limit, because it is sent with each message", async () => {
    await show({ openId: null, view: "search" });
    const field = screen.getByLabelText<HTMLTextAreaElement>(strings.aboutUser);

    await userEvent.click(field);
    await userEvent.paste("x".repeat(2_001));

    expect(settings.getState().aboutUser).toHaveLength(2_000);
  });
});

describe("An import", () => {
  // The File of jsdom has no arrayBuffer().
  const text = JSON.stringify({ format: "funcchat/1", chats: [{ title: "Tides" }] });
  const chosen = new NodeFile([text], "funcchat.json", { type: "application/json" }) as unknown as File;

  it.each([
    [true, 1],
    [false, 0],
  ])("is reported as done only when the chats are stored: %s", async (isStored, reports) => {
    const success = vi.spyOn(toast, "success").mockReturnValue();
    const { storage, onClose } = await show({ openId: null, view: "chat" });
    if (!isStored) {
      const refuse = () => Promise.reject(new DOMException("The disk is full.", "QuotaExceededError"));
      Object.assign(storage, { saveAll: refuse });
    }

    await userEvent.upload(screen.getByLabelText(strings.importFile), chosen);

    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(success).toHaveBeenCalledTimes(reports);
    success.mockRestore();
  });

  it("takes files that are dropped on the settings", async () => {
    const { state, onClose } = await show({ openId: null, view: "chat" });
    const title = screen.getByRole("heading", { name: strings.settings });
    const dropped = { dataTransfer: { types: ["Files"], files: [chosen, chosen] } };

    expect(fireEvent.dragOver(title, dropped)).toBe(false);
    expect(fireEvent.drop(title, dropped)).toBe(false);

    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect([...state.getState().chats.values()].map((chat) => chat.title)).toEqual(["Tides", "Tides"]);
  });

  it("leaves text that is dropped to the fields of the settings", async () => {
    await show({ openId: null, view: "chat" });
    const dropped = { dataTransfer: { types: ["text/plain"], files: [] } };

    expect(fireEvent.dragOver(screen.getByLabelText(strings.instructions), dropped)).toBe(true);
    expect(fireEvent.drop(screen.getByLabelText(strings.instructions), dropped)).toBe(true);
  });
});
