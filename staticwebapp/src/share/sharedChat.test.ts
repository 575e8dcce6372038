import { describe, expect, it } from "vitest";
import { branchTo, byId } from "../chat/tree";
import type { Shared } from "./shareApi";
import { copyOfShared, lastEndedAnswer, toChat } from "./sharedChat";
import { sharedIn } from "./sharedIn";

const shared: Shared = {
  id: "share_1",
  title: "Tides",
  created_at: "2026-01-01T12:00:00Z",
  updated_at: "2026-01-02T12:00:00Z",
  turns: [
    {
      turn_id: "turn-0001",
      status: "complete",
      created_at: "2026-01-01T12:00:00Z",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "When is the tide high?" },
            { type: "file", file: { file_id: "file_1", filename: "map.png" } },
          ],
        },
      ],
      answer: [],
      events: [
        { id: 1, type: "delta", data: { content: "Twice a day." } },
        {
          id: 2,
          type: "complete",
          data: { status: "success", messages: [], iterations: 1, usage: { input_tokens: 0, output_tokens: 0 } },
        },
      ],
    },
    {
      turn_id: "turn-0002",
      parent_turn_id: "turn-0001",
      status: "stopped",
      created_at: "2026-01-01T12:01:00Z",
      messages: [{ role: "user", content: "Why?" }],
      answer: [],
      events: [],
    },
  ],
};

describe("a shared chat", () => {
  it("is one branch that ends with its last turn", () => {
    const { chat, nodes } = toChat(shared);

    expect(branchTo(nodes, chat.leafId).map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"]);
    expect(chat.title).toBe("Tides");
  });

  it("is copied with ids and files of its own", async () => {
    const read = toChat(shared);

    const { chat, nodes } = await copyOfShared(read, async ({ fileId }) => `mine-${fileId}`, 42);

    const copies = byId(nodes);
    expect([...read.nodes.keys()].filter((id) => copies.has(id))).toEqual([]);
    expect(nodes.every(({ chatId }) => chatId === chat.id && chatId !== read.chat.id)).toBe(true);
    const branch = branchTo(copies, chat.leafId);
    expect(branch).toHaveLength(4);
    expect(branch[0]).toMatchObject({ attachments: [{ fileId: "mine-file_1", name: "map.png" }] });
    expect(chat.createdAt).toBe(42);
  });

  it("can end with the last answer that is complete", () => {
    const { nodes } = toChat(shared);
    const running = new Map(nodes);
    const last = running.get("turn-0002");
    if (last?.role === "assistant") {
      running.set(last.id, { ...last, turn: { ...last.turn, status: "running" } });
    }

    expect(lastEndedAnswer(nodes, "turn-0002")).toBe("turn-0002");
    expect(lastEndedAnswer(running, "turn-0002")).toBe("turn-0001");
    expect(lastEndedAnswer(running, "turn-0002.0")).toBe("turn-0001");
    expect(lastEndedAnswer(running, "turn-0001.0")).toBeUndefined();
  });
});

describe("an address", () => {
  it.each([
    ["#/share/share_0a", { shareId: "share_0a", continues: false }],
    ["#/continue/share_0a", { shareId: "share_0a", continues: true }],
    ["#/share/../../api", undefined],
    ["#/chat/share_0a", undefined],
    ["", undefined],
  ])("%s names a link or none", (hash, found) => {
    expect(sharedIn(hash)).toEqual(found);
  });
});
