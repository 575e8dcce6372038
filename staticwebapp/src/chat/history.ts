import type { AssistantMessage, ChatMessage, ToolCall, ToolMessage } from "../api/messages";
import type { ChatNode, TurnOptions } from "./tree";
import type { TurnState } from "./turn";

/** The OpenAI messages that a turn at the end of the branch is asked with. */
export function toMessages(branch: readonly ChatNode[], { systemPrompt }: TurnOptions): readonly ChatMessage[] {
  const system = systemPrompt?.trim() ? [{ role: "system", content: systemPrompt } as const] : [];
  return [
    ...system,
    ...branch.flatMap((node) => (node.role === "user" ? [userMessage(node.text)] : answer(node.turn))),
  ];
}

function userMessage(content: string): ChatMessage {
  return { role: "user", content };
}

/**
 * What a turn left for the turns after it. One that failed or was stopped may end in the middle: calls without their
 * results would be refused, so they are answered here, and the text that the reader saw is kept.
 */
function answer(turn: TurnState): readonly ChatMessage[] {
  if (turn.status === "complete") {
    return turn.messages.filter(isWhole);
  }
  const messages: ChatMessage[] = [];
  const results = new Map(
    turn.messages.filter((message): message is ToolMessage => message.role === "tool").map((m) => [m.tool_call_id, m]),
  );
  for (const message of turn.messages) {
    if (message.role === "assistant" && isWhole(message)) {
      messages.push(message, ...(message.tool_calls ?? []).map((call) => results.get(call.id) ?? unanswered(call)));
    }
  }
  const unfinished = turn.parts
    .slice(turn.openFrom)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
  return unfinished === "" ? messages : [...messages, { role: "assistant", content: unfinished } as AssistantMessage];
}

/** A server refuses a message that says nothing and calls nothing, which some models end with. */
function isWhole(message: ChatMessage): boolean {
  return message.role !== "assistant" || message.content !== null || (message.tool_calls?.length ?? 0) > 0;
}

function unanswered(call: ToolCall): ToolMessage {
  return { role: "tool", tool_call_id: call.id, content: '{"error":"The call was stopped before it ended."}' };
}
