import { type AssistantNode, assistantNode } from "./tree";
import { newTurn } from "./turn";

/** An answer of which only the text is known. */
export function completeAnswer(
  base: Pick<AssistantNode, "id" | "chatId" | "parentId" | "createdAt">,
  from: string,
): AssistantNode {
  const text = from.toWellFormed();
  return {
    ...assistantNode(base, { tools: [] }),
    turn: {
      ...newTurn,
      status: "complete",
      parts: text === "" ? [] : [{ type: "text", text }],
      openFrom: 1,
      messages: text === "" ? [] : [{ role: "assistant", content: text }],
    },
  };
}
