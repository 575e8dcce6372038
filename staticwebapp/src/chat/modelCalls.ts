import type { ModelRequestData, ModelResponseData, Usage } from "../api/events";

/** One call of a model within a turn, a tool's own included: a row of the transparency panel. */
export interface ModelCall {
  readonly phase: string;
  readonly iteration: number;
  readonly provider: string;
  readonly model: string;
  readonly tool?: string;
  readonly state: "running" | "complete" | "void";
  readonly finishReason?: string;
  readonly usage?: Usage;
  readonly firstTokenMs?: number;
  readonly durationMs?: number;
}

export function openModelCall(calls: readonly ModelCall[], data: ModelRequestData): readonly ModelCall[] {
  const { phase, iteration, provider, model, tool } = data;
  return [...calls, { phase, iteration, provider, model, ...(tool === undefined ? {} : { tool }), state: "running" }];
}

/**
 * The response names its call by phase and iteration only; of several alike that run at the same time the oldest is
 * closed, which keeps the count and the sums right.
 */
export function closeModelCall(calls: readonly ModelCall[], data: ModelResponseData): readonly ModelCall[] {
  const index = calls.findIndex(
    (call) => call.state === "running" && call.phase === data.phase && call.iteration === data.iteration,
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

/** Marks the turn's own unfinished call of an iteration void: it is made again. */
export function voidModelCall(calls: readonly ModelCall[], iteration: number): readonly ModelCall[] {
  const index = calls.findLastIndex(
    (call) => call.state === "running" && call.tool === undefined && call.iteration === iteration,
  );
  const call = calls[index];
  return call === undefined ? calls : calls.with(index, { ...call, state: "void" });
}
