import { type AssistantNode, assistantNode, type UserNode, userNode } from "../src/chat/tree";
import { newTurn } from "../src/chat/turn";

export const chatId = "chat-0001";

/** A question whose text is its id. */
export function said(id: string, parentId: string | null, createdAt: number): UserNode {
  return userNode({ id, chatId, parentId, createdAt }, id);
}

/** A complete answer whose text is its id. */
export function answered(id: string, parentId: string, createdAt: number): AssistantNode {
  return {
    ...assistantNode({ id, chatId, parentId, createdAt }, { tools: [] }),
    turn: {
      ...newTurn,
      status: "complete",
      lastEventId: 9,
      parts: [{ type: "text", text: id }],
      openFrom: 1,
      messages: [{ role: "assistant", content: id }],
      usage: { input_tokens: 1, output_tokens: 1 },
      model: "m",
      provider: "p",
    },
  };
}
