import { act, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { type Chat, newChat } from "../chat/chat";
import { createChatState, withNode } from "../chat/state";
import { assistantNode } from "../chat/tree";
import { newTurn, type TurnState } from "../chat/turn";
import { loadLanguage } from "../i18n/strings";
import { ChatItem } from "./ChatItem";

const chat: Chat = { ...newChat("c", "Tides", 0), leafId: "t" };

function show(turn: Partial<TurnState>) {
  const state = createChatState();
  const node = assistantNode({ id: "t", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
  const change = (changes: Partial<TurnState>) =>
    state.setState((current) => ({ nodes: withNode(current, { ...node, turn: { ...newTurn, ...changes } }) }));
  state.setState({ chats: new Map([["c", chat]]) });
  change(turn);
  render(withServices({ state }, <ChatItem chat={chat} onChosen={() => {}} />));
  return { state, change };
}

it("A chat that waits for the user is marked until the answer continues, also for screen readers and in the language of the page", async () => {
  const { change } = show({ status: "running", parked: true });

  expect(screen.getByLabelText("Waiting for you").closest("a")?.textContent).toBe("Tides");
  await act(() => loadLanguage("de"));
  expect(screen.getByLabelText("Wartet auf dich")).toBeDefined();
  act(() => change({ status: "running", parked: false }));
  expect(screen.queryByLabelText("Wartet auf dich")).toBeNull();
});

it("A chat that waits for the user has no other mark while the page looks whether another device has answered", () => {
  const { state } = show({ status: "running", parked: true });

  act(() => state.setState({ connections: new Map([["t", "connecting"]]) }));

  expect(screen.queryByLabelText("Answering")).toBeNull();
  expect(screen.getByLabelText("Waiting for you")).toBeDefined();
});

it("A chat whose answer was stopped while it waited for the user is not marked", () => {
  show({ status: "stopped", parked: true });

  expect(screen.queryByLabelText("Waiting for you")).toBeNull();
});

it("A chat stays marked when the message is edited whose answer waits for the user", () => {
  const { state } = show({ status: "running", parked: true });

  const other = assistantNode({ id: "other", chatId: "c", parentId: "edited", createdAt: 1 }, { tools: [] });
  act(() =>
    state.setState((current) => ({
      chats: new Map([["c", { ...chat, leafId: "other" }]]),
      nodes: withNode(current, other),
    })),
  );

  expect(screen.getByLabelText("Waiting for you")).toBeDefined();
});
