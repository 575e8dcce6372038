import type { LlmRequestData, LlmResponseData, Usage } from "../api/events";

/** One model call within a turn, including calls made by a tool: a row of the table under an answer. */
export interface ModelCall {
  readonly phase: string;
  readonly iteration: number;
  readonly provider: string;
  readonly model: string;
  readonly tool?: string;
  readonly toolCallId?: string;
  readonly state: "running" | "complete" | "void";
  readonly finishReason?: string;
  readonly usage?: Usage;
  readonly firstTokenMs?: number;
  readonly durationMs?: number;
}

export function openModelCall(calls: readonly ModelCall[], data: LlmRequestData): readonly ModelCall[] {
  const { phase, iteration, provider, model, tool, tool_call_id: toolCallId } = data;
  return [
    ...calls,
    {
      phase,
      iteration,
      provider,
      model,
      ...(tool === undefined ? {} : { tool }),
      ...(toolCallId === undefined ? {} : { toolCallId }),
      state: "running",
    },
  ];
}

/** Several calls of one tool call may run at the same time under the same phase; the oldest of them is closed. */
export function closeModelCall(calls: readonly ModelCall[], data: LlmResponseData): readonly ModelCall[] {
  const index = calls.findIndex(
    (call) =>
      call.state === "running" &&
      call.phase === data.phase &&
      call.iteration === data.iteration &&
      call.tool === data.tool &&
      (call.toolCallId ?? data.tool_call_id) === data.tool_call_id,
  );
  const call = calls[index];
  if (call === undefined) {
    return calls;
  }
  return calls.with(index, {
    ...call,
    state: "complete",
    finishReason: data.finish_reason,
    durationMs: data.duration_ms,
    ...(data.usage ? { usage: data.usage } : {}),
    ...(typeof data.first_token_ms === "number" ? { firstTokenMs: data.first_token_ms } : {}),
  });
}

/** Marks the turn's own unfinished call of an iteration as void: it is repeated. */
export function voidModelCall(calls: readonly ModelCall[], iteration: number): readonly ModelCall[] {
  const index = calls.findLastIndex(
    (call) => call.state === "running" && call.tool === undefined && call.iteration === iteration,
  );
  const call = calls[index];
  return call === undefined ? calls : calls.with(index, { ...call, state: "void" });
}
