import { afterEach, expect, it } from "vitest";
import type { PersonRequest } from "../approvals/requests";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { editedTexts, keepEdited } from "../components/editedTexts";
import { keepEdits } from "./edits";

let close = () => {};

afterEach(() => {
  close();
  editedTexts.setState(new Map(), true);
});

const message = { id: "message", chatId: "chat" };
const chats = new Map([["chat", newChat("chat", "Chat", 0)]]);

/** A page that opens, or is loaded again. */
function open(known = chats) {
  close();
  editedTexts.setState(new Map(), true);
  const state = createChatState();
  state.setState({ chats: known });
  close = keepEdits(state);
  return state;
}

const edited = () => editedTexts.getState().get("message")?.text;

it("An edit of a message that is not sent is there after a reload", () => {
  open();
  keepEdited(message, "After");

  open();

  expect(edited()).toBe("After");
});

it("The draft of an edit that was closed is there after a reload, and closed", () => {
  open();
  keepEdited(message, "After", true);

  open();

  expect(editedTexts.getState().get("message")).toEqual({ chatId: "chat", text: "After", closed: true });
});

it("An edit that was sent or canceled is not there after a reload", () => {
  open();
  keepEdited(message, "After");
  keepEdited(message);

  open();

  expect(edited()).toBeUndefined();
});

it("An edit is deleted with its chat, and put back with it", () => {
  const state = open();
  keepEdited(message, "After");

  state.setState({ chats: new Map() });
  expect(sessionStorage.getItem("funcchat.edits")).toBe("[]");
  state.setState({ chats });

  expect(sessionStorage.getItem("funcchat.edits")).toContain("After");
});

it("An edit in a temporary chat is not kept", () => {
  open(new Map([["chat", { ...newChat("chat", "Chat", 0), temporary: true }]]));

  keepEdited(message, "After");

  expect(sessionStorage.getItem("funcchat.edits")).toBe("[]");
});

const asking: AssistantNode = {
  ...assistantNode({ id: "turn", chatId: "chat", parentId: null, createdAt: 0 }, { tools: [] }),
  turn: { ...newTurn, status: "running", requests: [{ type: "input", id: "req_1" } as PersonRequest] },
};
const requestOf = { id: "turn req_1", chatId: "chat" };
const nodesWith = (turn: object) =>
  new Map([["chat", new Map([["turn", { ...asking, turn: { ...asking.turn, ...turn } }]])]]);

it.each([
  ["is answered", { requests: [] }, "[]"],
  ["is gone with its answer", { status: "stopped" }, "[]"],
  ["is still open", { parked: true }, "typed"],
  ["can't be followed until the server is reachable", { status: "failed", failure: { lost: true } }, "typed"],
])("What was typed into a request that %s while another chat is shown", (_, changes, kept) => {
  const state = open();
  state.setState({ nodes: nodesWith({}), openId: "other" });
  keepEdited(requestOf, "typed");
  keepEdited({ ...requestOf, id: `${requestOf.id} reason` }, "typed");

  state.setState({ nodes: nodesWith(changes) });

  expect(sessionStorage.getItem("funcchat.edits")).toContain(kept);
});

it("What was typed into a request stays when the answer is read as it was stored before the request", () => {
  const state = open();
  keepEdited(requestOf, "typed");

  state.setState({ nodes: nodesWith({ requests: [] }) });

  expect(editedTexts.getState().size).toBe(1);
});

it.each(["{", "[1]", "null"])("A page with edits that it can't read, such as %s, opens", (stored) => {
  sessionStorage.setItem("funcchat.edits", stored);

  open();

  expect(editedTexts.getState().size).toBe(0);
});
