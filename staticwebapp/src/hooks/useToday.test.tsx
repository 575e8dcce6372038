import { act, render, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { userNode } from "../chat/tree";
import { ChatList } from "../components/ChatList";
import { UserMessage } from "../components/UserMessage";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 0, 14, 23, 50) });
  const state = createChatState();
  state.setState({ chats: new Map([["c", newChat("c", "Tides", Date.now())]]) });
  const message = userNode({ id: "u", chatId: "c", parentId: null, createdAt: Date.now() }, "Why?");
  const page = (
    <>
      <ChatList onChosen={() => {}} />
      <UserMessage node={message} />
    </>
  );
  render(withServices({ state }, page));
  expect(screen.getByRole("region", { name: "Today" })).toBeDefined();
  expect(screen.getByRole("time").textContent).toBe("11:50 PM");
});

const expectTheNextDay = () => {
  expect(screen.getByRole("region", { name: "Yesterday" })).toBeDefined();
  expect(screen.getByRole("time").textContent).toBe("Jan 14, 2026, 11:50 PM");
};

it("Dates of the page change when a new day begins", () => {
  act(() => vi.advanceTimersByTime(11 * 60_000));

  expectTheNextDay();
});

it("Dates of the page change when it is seen again on another day", () => {
  vi.setSystemTime(new Date(2026, 0, 15, 9));

  act(() => document.dispatchEvent(new Event("visibilitychange")));

  expectTheNextDay();
});
