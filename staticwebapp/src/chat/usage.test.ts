import { describe, expect, it } from "vitest";
import { assistantNode, byId, type ChatNode, userNode } from "./tree";
import { newTurn } from "./turn";
import { usageOf } from "./usage";

const base = { chatId: "c", createdAt: 0 };

function answer(id: string, cost?: number): ChatNode {
  const usage = { input_tokens: 10, output_tokens: 5, ...(cost === undefined ? {} : { cost }) };
  return { ...assistantNode({ ...base, id, parentId: "q" }, { tools: [] }), turn: { ...newTurn, usage } };
}

describe("usageOf", () => {
  it("adds up the answers of all branches", () => {
    const nodes = [userNode({ ...base, id: "q", parentId: null }, "Hello"), answer("a", 0.5), answer("b", 0.25)];

    expect(usageOf(byId(nodes))).toEqual({ tokens: 30, cost: 0.75 });
  });

  it("is zero where no answer has reported any", () => {
    const { turn: _, ...rest } = answer("a") as Extract<ChatNode, { role: "assistant" }>;

    expect(usageOf(new Map([["a", { ...rest, turn: newTurn }]]))).toEqual({ tokens: 0, cost: 0 });
  });
});
