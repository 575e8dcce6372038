// @vitest-environment jsdom
import "../../test/jsdom";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { newChat } from "../chat/chat";
import type { ChatState } from "../chat/state";
import { strings } from "../i18n/strings";
import { type Services, ServicesContext } from "../services";
import SettingsDialog from "./SettingsDialog";

// jsdom has no modal dialogs.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

async function show(changes: Partial<ChatState>) {
  const { state, conversations } = openPage("http://127.0.0.1:1", await openBrowser());
  state.setState(changes);
  const api = { listToolServers: async () => [], usage: async () => undefined };
  render(
    <ServicesContext value={{ state, conversations, api } as unknown as Services}>
      <SettingsDialog onClose={() => {}} />
    </ServicesContext>,
  );
  return state;
}

beforeEach(() => localStorage.clear());

describe("The instructions of a chat", () => {
  it("are set before the chat begins", async () => {
    const state = await show({ openId: null, view: "chat" });

    await userEvent.type(screen.getByLabelText(strings.chatInstructions), "Be brief.");
    await userEvent.tab();

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
