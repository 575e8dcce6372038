import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { editedTexts } from "../components/editedTexts";
import { keepEdits } from "../storage/edits";
import { ApprovalCard } from "./ApprovalCard";
import { QuestionCard } from "./QuestionCard";

const request = { id: "req_1", call_id: "a", name: "send_mail", expires_at: "2026-01-02T00:00:00Z" };
const base = assistantNode({ id: "t", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
const asking = (...requests: readonly object[]) => ({ ...base, turn: { ...newTurn, requests } }) as AssistantNode;
const node = asking({ type: "approval", ...request });
const cards = {
  approval: <ApprovalCard node={node} request={{ ...request, arguments: '{"to":"bo"}' }} />,
  question: (
    <QuestionCard
      node={node}
      request={{ ...request, message: "To whom?", schema: { properties: { to: { type: "string" } } } }}
    />
  ),
};

const state = createChatState();
let end = () => {};

afterEach(() => end());

/** A page that opens, or is loaded again. */
function open(card: keyof typeof cards) {
  cleanup();
  end();
  editedTexts.setState(new Map(), true);
  state.setState({ chats: new Map([["c", newChat("c", "Chat", 0)]]), nodes: new Map([["c", new Map([["t", node]])]]) });
  end = keepEdits(state);
  render(withServices({ state, conversations: { answer: async () => true } }, cards[card]));
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const field = () => screen.queryByRole<HTMLTextAreaElement>("textbox");
const edit = (value: string) => fireEvent.change(field() as HTMLElement, { target: { value } });

it("Edited arguments are there after a reload, without the keyboard, until the user cancels", () => {
  open("approval");
  press("Edit arguments");
  expect(document.activeElement).toBe(field());
  edit('{"to":"cy"}');

  open("approval");

  expect(field()?.value).toBe('{"to":"cy"}');
  expect(document.activeElement).toBe(document.body);
  press("Cancel");
  open("approval");
  expect(field()).toBeNull();
});

it("The reason of a denial is there after a reload, without the keyboard, until the user cancels", () => {
  open("approval");
  press("Deny");
  expect(document.activeElement).toBe(field());
  edit("Not before noon");

  open("approval");

  expect(field()?.value).toBe("Not before noon");
  expect(document.activeElement).toBe(document.body);
  press("Cancel");
  open("approval");
  expect(field()).toBeNull();
});

it("What is typed into the form of a question is there after a reload", () => {
  open("question");
  edit("cy");

  open("question");

  expect(field()?.value).toBe("cy");
});

it.each([
  ["approval", "Edit arguments", "Approve"],
  ["approval", "Deny", "Deny"],
  ["question", undefined, "Send answer"],
] as const)(
  "What was typed into a request, such as one of kind %s after %s, is forgotten once it is sent",
  async (card, begin, send) => {
    open(card);
    if (begin !== undefined) {
      press(begin);
    }
    edit('{"to":"cy"}');
    press(send);
    await screen.findByText(/Your answer is sent/);
    expect(field()?.value).toBe('{"to":"cy"}');

    cleanup();

    expect(editedTexts.getState().size).toBe(0);
  },
);

it.each([
  ["answered elsewhere", asking()],
  ["gone with its answer", { ...node, turn: { ...node.turn, status: "stopped" as const } }],
])("What was typed into a request that is %s is forgotten with its card", (_, after) => {
  open("approval");
  press("Edit arguments");
  press("Deny");
  expect(editedTexts.getState().size).toBe(2);

  state.setState({ nodes: new Map([["c", new Map([["t", after]])]]) });
  cleanup();

  expect(editedTexts.getState().size).toBe(0);
});

it("What was typed into a request is kept while another chat is shown, whose messages alone may be loaded", () => {
  open("approval");
  press("Edit arguments");
  cleanup();
  expect(editedTexts.getState().size).toBe(1);
  open("approval");
  state.setState({ nodes: new Map() });

  cleanup();

  expect(editedTexts.getState().size).toBe(1);
});
