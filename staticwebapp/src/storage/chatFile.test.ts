import { describe, expect, it } from "vitest";
import { goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newChat, textOf } from "../chat/chat";
import { contextTokens } from "../chat/contextUse";
import { assistantNode, branchTo, byId, type ChatNode, userNode } from "../chat/tree";
import { failTurn, newTurn, reduceTurnAll } from "../chat/turn";
import { parseChats, serializeChats } from "./chatFile";

const events = new TurnEventDecoder(turnEvents).push(goldenBytes("tools-parallel"));
const question = userNode({ id: "q", chatId: "c", parentId: null, createdAt: 1 }, "Hello");
const answer = {
  ...assistantNode({ id: "a", chatId: "c", parentId: "q", createdAt: 2 }, { tools: [] }),
  turn: reduceTurnAll(newTurn, events),
};
const chat = { ...newChat("c", "Hello", 1), leafId: "a", pinned: true };

const file = (chats: unknown) => JSON.stringify({ format: "funcchat/1", chats });

const read = (text: string) => parseChats(JSON.parse(text));

describe("a file of chats", () => {
  it("brings back what was exported, under ids of its own", () => {
    const [back] = read(serializeChats([chat], [question, answer])).chats;

    const nodes = byId(back?.nodes ?? []);
    const branch = branchTo(nodes, back?.chat.leafId ?? null);
    expect(back?.chat).toMatchObject({ title: "Hello", pinned: true });
    expect(branch.map(textOf)).toEqual([textOf(question), textOf(answer)]);
    expect((branch[1] as ChatNode & { role: "assistant" }).turn.messages).toEqual(answer.turn.messages);
    expect([back?.chat.id, ...nodes.keys()]).not.toContain("a");
    expect(back?.chat.id).not.toBe("c");
  });

  it("does not contain what the user tells every model about themselves", () => {
    const told = { ...answer, options: { tools: ["search_web"], systemPrompt: "I am Ada." } };

    expect(serializeChats([chat], [question, told])).not.toContain("Ada");
  });

  it("brings back folders, assistants and prompts, and leaves out what is not valid", () => {
    const saved = {
      assistants: [{ id: "1", name: "Pirate", instructions: "Talk like a pirate." }],
      prompts: [{ id: "2", name: "Greet", text: "Hello" }],
    };
    const text = serializeChats([{ ...chat, folder: "Work" }], [], {
      assistants: [...saved.assistants, { name: "no id" } as never],
      prompts: [...saved.prompts, null as never],
    });

    const back = read(text);

    expect(back.chats[0]?.chat.folder).toBe("Work");
    expect(back.saved.assistants).toEqual([{ ...saved.assistants[0], id: expect.not.stringMatching(/^1$/) }]);
    expect(back.saved.prompts).toEqual([{ ...saved.prompts[0], id: expect.not.stringMatching(/^2$/) }]);
  });

  it.each([4e12, 1e300, -1, "1"])(
    "dates instructions of a folder from an impossible time as of now: %s",
    (changedAt) => {
      const folderInstructions = { folder: "Work", text: "x".repeat(3_000), changedAt, more: "y".repeat(9_000) };

      const [back] = read(file([{ folder: "Work", folderInstructions }])).chats;

      const { changedAt: time = 0, ...rest } = back?.chat.folderInstructions ?? {};
      expect(rest).toEqual({ folder: "Work", text: "x".repeat(2_000) });
      expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
    },
  );

  it.each([9e15, -1, 0, 253_402_300_799_000])("dates a chat from an impossible time as of now: %d", (time) => {
    const [back] = read(file([{ createdAt: time, updatedAt: time }])).chats;

    expect(Math.abs((back?.chat.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(Math.abs((back?.chat.updatedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it("ends a turn that was under way when it was exported", () => {
    const running = { ...answer, turn: reduceTurnAll(newTurn, events.slice(0, 5)) };

    const [back] = read(serializeChats([chat], [question, running])).chats;

    expect(back?.nodes[1]).toMatchObject({ turn: { status: "stopped" } });
  });

  it("ends a turn whose connection was lost, and which can't be resumed under another id", () => {
    const failure = { message: "Out of reach.", code: "UPSTREAM_ERROR", retryable: true, lost: true } as const;
    const lost = { ...answer, turn: failTurn(reduceTurnAll(newTurn, events.slice(0, 5)), failure) };

    const [back] = read(serializeChats([chat], [question, lost])).chats;

    expect(back?.nodes[1]).toMatchObject({ turn: { status: "stopped" } });
    expect(back?.nodes[1]).not.toMatchObject({ turn: { failure: expect.anything() } });
  });

  it.each([
    ["another program's JSON", '{"chats":[]}'],
    ["null", "null"],
  ])("says what is wrong with %s", (_, text) => {
    expect(() => read(text)).toThrow(/FuncChat/);
  });

  it.each([
    ["nothing in a chat", [{}]],
    ["no chat at all", [null, 3, "x"]],
    ["nodes that are none", [{ nodes: [null, {}, { role: "assistant" }, { role: "user", text: 5 }] }]],
    ["parts that are none", [{ nodes: [{ id: "a", role: "assistant", turn: { parts: [null, { type: "text" }] } }] }]],
    [
      "model calls that are none",
      [
        {
          leafId: "a",
          nodes: [{ id: "a", role: "assistant", turn: { parts: [], calls: [null, 1, { usage: null }] } }],
        },
      ],
    ],
    ["nodes in a circle", [{ leafId: "a", nodes: [{ id: "a", parentId: "a", role: "user", text: "x" }] }]],
  ])("takes no harm from %s", (_, chats) => {
    for (const { chat: back, nodes } of read(file(chats)).chats) {
      expect(branchTo(byId(nodes), back.leafId).map(textOf)).toBeDefined();
      expect(contextTokens(byId(nodes), back.leafId)).toBeUndefined();
      expect(back.title).not.toBe("");
    }
  });

  it("leaves out what is no chat", () => {
    const { chats } = parseChats({ format: "funcchat/1", chats: [null, 5, "chat", { title: "One" }] });

    expect(chats.map(({ chat }) => chat.title)).toEqual(["One"]);
  });

  it("puts nodes that follow each other in a circle, or one that is missing, at the beginning", () => {
    const ask = (id: string, parentId: string) => ({ id, parentId, role: "user", text: id });
    const nodes = [
      ask("a", "c"),
      ask("b", "a"),
      ask("c", "b"),
      ask("d", "c"),
      ask("e", "x"),
      { id: "x" },
      ask("f", "f"),
    ];

    const [back] = read(file([{ nodes }])).chats;

    const all = byId(back?.nodes ?? []);
    const parents = back?.nodes.map((node) => [textOf(node), textOf(all.get(node.parentId ?? "") ?? question)]);
    expect(Object.fromEntries(parents ?? [])).toEqual({ a: "c", b: "Hello", c: "b", d: "c", e: "Hello", f: "Hello" });
    expect(parents).toHaveLength(6);
  });
});
