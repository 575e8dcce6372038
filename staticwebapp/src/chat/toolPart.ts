import type { ToolCallProgressData, ToolCallResultData, ToolCallStartData } from "../api/events";

export type ToolStatus = "starting" | "executing" | "complete" | "failed";

/** One tool call as a reader sees it. */
export interface ToolPart {
  readonly type: "tool";
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
  readonly status: ToolStatus;
  readonly message?: string;
  readonly completed?: number;
  readonly total?: number;
  /** The number of the message that called it; calls of one message run at the same time. */
  readonly round?: number;
  /** JSON text where the tool returned JSON. */
  readonly result?: string;
  readonly durationMs?: number;
  /** Why the call did not run: the user denied it, or the request for an approval expired. */
  readonly denied?: "deny" | "expired";
}

export function toolPart({ id, name, arguments: args }: ToolCallStartData): ToolPart {
  return { type: "tool", id, name, arguments: args, status: "starting" };
}

export function progressed(part: ToolPart, data: ToolCallProgressData): ToolPart {
  return hasEnded(part)
    ? part
    : {
        ...part,
        status: data.status === "executing" ? "executing" : "starting",
        ...(data.message === undefined ? {} : { message: data.message }),
        ...(data.completed === undefined ? {} : { completed: data.completed }),
        ...(data.total === undefined ? {} : { total: data.total }),
      };
}

export function resulted(part: ToolPart, data: ToolCallResultData): ToolPart {
  return {
    ...part,
    status: data.error === true ? "failed" : "complete",
    result: data.content,
    durationMs: data.duration_ms,
  };
}

export function hasEnded(part: ToolPart): boolean {
  return part.status === "complete" || part.status === "failed";
}
