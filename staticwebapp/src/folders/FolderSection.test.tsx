import { act, fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState, withNode } from "../chat/state";
import { assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { FolderSection } from "./FolderSection";

it("A closed folder is marked while one of its chats waits for the user, also for screen readers", () => {
  const chats = ["Tides", "Moon"].map((title) => ({ ...newChat(title, title, 0), leafId: "t", folder: "Science" }));
  const state = createChatState();
  const node = assistantNode({ id: "t", chatId: "Moon", parentId: null, createdAt: 0 }, { tools: [] });
  const park = (parked: boolean) =>
    state.setState((current) => ({
      nodes: withNode(current, { ...node, turn: { ...newTurn, status: "running", parked } }),
    }));
  state.setState({ chats: new Map(chats.map((chat) => [chat.id, chat])) });
  park(true);
  render(withServices({ state }, <FolderSection folder={{ name: "Science", chats }} most={9} onChosen={() => {}} />));
  const folder = screen.getByRole("button", { name: /^Science/, expanded: true });
  expect(screen.getByLabelText("Waiting for you").closest("a")?.textContent).toBe("Moon");

  fireEvent.click(folder);

  expect(screen.getByRole("button", { name: "Science Waiting for you", expanded: false })).toBe(folder);
  act(() => park(false));
  expect(screen.queryByLabelText("Waiting for you")).toBeNull();
});
