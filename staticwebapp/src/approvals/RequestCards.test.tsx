import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { Composer } from "../components/Composer";
import { editedTexts } from "../components/editedTexts";
import { useShortcuts } from "../hooks/useShortcuts";
import { useNodes } from "../services";
import RequestCards from "./RequestCards";

const base = assistantNode({ id: "t", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
const stop = vi.fn();
let delivered = true;

function Page() {
  const input = useRef<HTMLTextAreaElement>(null);
  const node = useNodes("c").get("t") as AssistantNode;
  useShortcuts({ search: vi.fn(), newChat: vi.fn(), list: vi.fn(), type: vi.fn(), stop });
  return (
    <>
      <article>{node.turn.status === "stopped" || <RequestCards node={node} />}</article>
      <Composer chatId="c" input={input} />
    </>
  );
}

/** A page with an answer that asks for the approval of calls of tools of these names. */
function open(...names: readonly string[]) {
  const state = createChatState();
  const ask = (...asked: readonly string[]) => {
    const requests = asked.map((name) => ({
      type: "approval" as const,
      id: name,
      call_id: name,
      name,
      arguments: "{}",
      expires_at: "2026-01-02T00:00:00Z",
    }));
    state.setState({ nodes: new Map([["c", new Map([["t", { ...base, turn: { ...newTurn, requests } }]])]]) });
  };
  state.setState({ chats: new Map([["c", { ...newChat("c", "Chat", 0), leafId: "t" }]]) });
  ask(...names);
  render(withServices({ state, conversations: { answer: async () => delivered } }, <Page />));
  const message = screen.getByLabelText<HTMLTextAreaElement>("Message");
  message.blur();
  return {
    message,
    ask: (...asked: readonly string[]) => act(() => ask(...asked)),
    end: () =>
      act(() =>
        state.setState({
          nodes: new Map([["c", new Map([["t", { ...base, turn: { ...newTurn, status: "stopped" as const } }]])]]),
        }),
      ),
  };
}

const card = (name: string) => screen.getByRole("region", { name: new RegExp(name) });

async function press(name: string, button: string) {
  const pressed = within(card(name)).getByRole("button", { name: button });
  pressed.focus();
  await act(async () => void fireEvent.click(pressed));
}

beforeEach(() => {
  vi.spyOn(globalThis, "matchMedia").mockImplementation(
    (query) => ({ matches: query === "(pointer: fine)", addEventListener() {}, removeEventListener() {} }) as never,
  );
  stop.mockClear();
  delivered = true;
});

afterEach(() => {
  editedTexts.setState(new Map(), true);
  vi.restoreAllMocks();
});

describe("The keyboard", () => {
  it("continues in the next request, and then in the message, when a request is answered by a button", async () => {
    const { message, ask } = open("first", "second");
    await press("First", "Approve");
    ask("second");
    expect(document.activeElement).toBe(card("Second"));

    await press("Second", "Approve");
    ask();

    expect(document.activeElement).toBe(message);
  });

  it.each(["answered elsewhere", "gone with its answer"])(
    "stays in the answer when a request into which the user types is %s",
    async (gone) => {
      const { ask, end } = open("first");
      await press("First", "Deny");
      screen.getByRole("textbox", { name: /Reason/ }).focus();

      if (gone === "answered elsewhere") {
        ask();
      } else {
        end();
      }

      expect(document.activeElement).toBe(screen.getByRole("article"));
    },
  );

  it("stays in the answer when Enter in the field of a request has answered it", async () => {
    const { ask } = open("first");
    await press("First", "Deny");
    const field = screen.getByRole("textbox", { name: /Reason/ });
    field.focus();
    await act(async () => void fireEvent.keyDown(field, { key: "Enter" }));

    ask();

    expect(document.activeElement).toBe(screen.getByRole("article"));
  });

  it("stays in a request whose answer does not get through, where Esc does not stop the turn", async () => {
    delivered = false;
    open("first");

    await press("First", "Approve");

    expect(document.activeElement).toBe(card("First"));
    fireEvent.keyDown(card("First"), { key: "Escape" });
    expect(stop).not.toHaveBeenCalled();
  });

  it("is not taken when a request is answered elsewhere", () => {
    const { ask } = open("first", "second");

    ask("second");

    expect(document.activeElement).toBe(document.body);
  });
});

it("Esc within the card of a request does not stop the answer", () => {
  open("first");

  fireEvent.keyDown(within(card("First")).getByRole("button", { name: "Approve" }), { key: "Escape" });
  fireEvent.click(screen.getByRole("button", { name: "Edit arguments" }));
  fireEvent.keyDown(screen.getByRole("textbox", { name: "Edit arguments" }), { key: "Escape" });

  expect(stop).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByLabelText("Message"), { key: "Escape" });
  expect(stop).toHaveBeenCalledOnce();
});
