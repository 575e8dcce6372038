import { describe, expect, it } from "vitest";
import { contextTokens } from "./contextUse";
import type { ModelCall } from "./modelCalls";
import { assistantNode, byId, type ChatNode, userNode } from "./tree";
import { newTurn } from "./turn";

const base = { chatId: "c", createdAt: 0 };

function call(input: number, output: number, more: Partial<ModelCall> = {}): ModelCall {
  return {
    phase: "chat",
    iteration: 1,
    provider: "p",
    model: "m",
    state: "complete",
    usage: { input_tokens: input, output_tokens: output },
    ...more,
  };
}

function answer(id: string, parentId: string, calls: readonly ModelCall[]): ChatNode {
  return { ...assistantNode({ ...base, id, parentId }, { tools: [] }), turn: { ...newTurn, calls } };
}

const tokens = (...nodes: ChatNode[]) => contextTokens(byId(nodes), nodes.at(-1)?.id ?? null);

describe("contextTokens", () => {
  const question = userNode({ ...base, id: "q1", parentId: null }, "Hello");

  it("counts the input and the output of the last call of the conversation", () => {
    expect(tokens(question, answer("a1", "q1", [call(100, 20), call(150, 30)]))).toBe(180);
  });

  it("leaves out the calls that tools make", () => {
    expect(tokens(question, answer("a1", "q1", [call(100, 20), call(9_000, 1, { tool: "research" })]))).toBe(120);
  });

  it("keeps the last known number while the next answer has none", () => {
    const next = userNode({ ...base, id: "q2", parentId: "a1" }, "More");
    const { usage: _, ...running } = call(0, 0, { state: "running" });

    expect(tokens(question, answer("a1", "q1", [call(100, 20)]), next, answer("a2", "q2", [running]))).toBe(120);
  });

  it("is unknown in a chat without a call, and in one whose messages are not loaded", () => {
    expect(tokens(question)).toBeUndefined();
    expect(contextTokens(undefined, "a1")).toBeUndefined();
  });
});
