import { expect, it } from "vitest";
import { copyOf } from "./fork";
import { assistantNode } from "./tree";
import { failTurn, newTurn } from "./turn";

const failure = { message: "Out of reach.", code: "UPSTREAM_ERROR", retryable: true, lost: true } as const;
const node = assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
const lost = { ...node, turn: failTurn({ ...newTurn, status: "running", lastEventId: 3 }, failure) };

it("A lost answer ends in a copy, which has no turn on the server to resume", () => {
  const { turn } = copyOf(lost, { id: "b", chatId: "d", parentId: null }) as typeof lost;

  expect(turn.status).toBe("stopped");
  expect(turn.failure).toBeUndefined();
});

it("A lost answer that only moves can be resumed", () => {
  expect(copyOf(lost, { id: "a", chatId: "c", parentId: "q" })).toMatchObject({ turn: { failure: { lost: true } } });
});
