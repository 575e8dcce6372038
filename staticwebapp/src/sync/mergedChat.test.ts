import { expect, it } from "vitest";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { newChat } from "../chat/chat";
import type { ChatNode } from "../chat/tree";
import { mergedChat } from "./mergedChat";

it("shows the last answer where the removed nodes are in place of each other", () => {
  const before: ReadonlyMap<string, ChatNode> = new Map(
    [
      said("question-1", null, 1),
      answered("answer-01", "question-1", 2),
      answered("answer-01b", "question-1", 3),
      answered("answer-01c", "question-1", 4),
    ].map((node) => [node.id, node]),
  );
  const places = new Map([
    ["answer-01", "answer-01b"],
    ["answer-01b", "answer-01"],
  ]);

  const { leafId } = mergedChat(
    { id: chatId, created_at: "2026-01-02T00:00:00Z", title: "Chat" } as Parameters<typeof mergedChat>[0],
    { ...newChat(chatId, "question-1", 0), leafId: "answer-01" },
    undefined,
    before,
    new Set(places.keys()),
    places,
  );

  expect(leafId).toBe("answer-01c");
});
