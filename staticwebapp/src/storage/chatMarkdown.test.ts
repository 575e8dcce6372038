import { describe, expect, it } from "vitest";
import { goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newChat, textOf } from "../chat/chat";
import { toMessages } from "../chat/history";
import { assistantNode, branchTo, byId, userNode } from "../chat/tree";
import { newTurn, reduceTurnAll } from "../chat/turn";
import { fromMarkdown, toMarkdown } from "./chatMarkdown";

const events = new TurnEventDecoder(turnEvents).push(goldenBytes("tools-parallel"));
const question = userNode({ id: "q", chatId: "c", parentId: null, createdAt: 1 }, "Hello");
const answer = {
  ...assistantNode({ id: "a", chatId: "c", parentId: "q", createdAt: 2 }, { tools: [] }),
  turn: reduceTurnAll(newTurn, events),
};
const chat = { ...newChat("c", "Hello", 1), leafId: "a" };

describe("a chat as Markdown", () => {
  it("is the branch with its tool calls", () => {
    expect(toMarkdown(chat, [question, answer])).toBe(
      [
        "# Hello",
        "## You",
        "Hello",
        "## Answer by demo:scripted",
        '- `search_web` `{"query":"azure functions streaming","limit":2}`\n' +
          '- `execute_javascript` `{"code":"throw new Error(\\"no\\")"}`',
        "Let me look.",
        "Based on the search, Flex Consumption streams.\n",
      ].join("\n\n"),
    );
  });

  it("is the same chat again when it is taken in", () => {
    const { chat: back, nodes } = fromMarkdown(toMarkdown(chat, [question, answer]), 5);

    const branch = branchTo(byId(nodes), back.leafId);
    expect(back).toMatchObject({ title: "Hello", createdAt: 5 });
    expect(back.id).not.toBe("c");
    expect(branch.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(branch.map(textOf)[1]).toContain("Based on the search, Flex Consumption streams.");
    expect(toMessages(branch, { tools: [] })).toHaveLength(2);
  });

  it.each(["## You", "## Answer\n\nmine", "\\## You", "## Answer by demo:scripted", "text\n## You\n\\\\## You"])(
    "keeps a message that looks like the file's own headings: %s",
    (text) => {
      const { nodes } = fromMarkdown(toMarkdown(chat, [{ ...question, text }, answer]), 5);

      expect(nodes.map(textOf)[0]).toBe(text);
      expect(nodes).toHaveLength(2);
    },
  );

  it("takes in no Markdown of another kind", () => {
    expect(() => fromMarkdown("# Notes\n\n## Summary\n\nText", 5)).toThrow(/FuncChat/);
  });
});
