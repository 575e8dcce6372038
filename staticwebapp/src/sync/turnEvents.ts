import type { TurnEvent } from "../api/events";
import type { ChatMessage } from "../api/messages";
import type { TurnState } from "../chat/turn";

/** The events that fold into this turn, with text in one piece: how a turn of this browser is added to a thread. */
export function eventsOf(turnId: string, turn: TurnState): readonly TurnEvent[] {
  const events: TurnEvent[] = [];
  const add = (type: TurnEvent["type"], data: object) => {
    events.push({ id: events.length + 1, type, data } as unknown as TurnEvent);
  };
  const assistants = turn.messages.filter(({ role }) => role === "assistant");
  let completed = 0;
  const complete = (until: number) => {
    for (; completed < Math.min(until, assistants.length); completed++) {
      add("message_complete", assistants[completed] as ChatMessage);
    }
  };

  if (turn.model !== undefined && turn.provider !== undefined) {
    const { model, provider } = turn;
    add("status", { status: "processing", turn_id: turnId, model, provider, has_tools: false });
  }
  for (const citation of turn.cited ?? []) {
    add("citation", citation);
  }
  for (const [index, part] of turn.parts.entries()) {
    if (index === turn.openFrom) {
      complete(assistants.length);
    }
    if (part.type !== "tool") {
      add(part.type === "text" ? "delta" : "reasoning", { content: part.text });
      continue;
    }
    complete(part.round ?? (turn.parts[index - 1]?.type === "tool" ? completed : completed + 1));
    const { id, name } = part;
    add("tool_call_start", { id, name, arguments: part.arguments });
    if (part.result !== undefined) {
      const failed = part.status === "failed" ? { error: true } : {};
      add("tool_call_result", { id, name, content: part.result, duration_ms: part.durationMs ?? 0, ...failed });
    }
  }
  complete(assistants.length);
  if (turn.status === "complete") {
    const usage = turn.usage ?? { input_tokens: 0, output_tokens: 0 };
    const stopped = turn.stoppedBy === undefined ? {} : { stopped_by: turn.stoppedBy };
    add("complete", { status: "success", messages: turn.messages, iterations: assistants.length, usage, ...stopped });
  } else {
    const { message, code, retryable } = turn.failure ?? { message: "Stopped.", code: "CANCELLED", retryable: true };
    add("error", { error: message, code, retryable });
  }
  return events;
}
