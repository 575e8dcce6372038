import type { AssistantMessage, ChatMessage } from "./messages";

/** The closed list of ways in which a request or a turn fails; the server's problem documents use the same. */
export type ErrorCode =
  | "INVALID_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "RATE_LIMITED"
  | "CONFIGURATION_ERROR"
  | "UPSTREAM_ERROR"
  | "UPSTREAM_TIMEOUT"
  | "CONTENT_FILTERED"
  | "CANCELLED"
  | "INTERNAL";

export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_input_tokens?: number;
  readonly reasoning_tokens?: number;
}

export interface StatusData {
  readonly status: "processing";
  readonly turn_id: string;
  readonly model: string;
  readonly provider: string;
  readonly has_tools: boolean;
}

export interface ModelRequestData {
  readonly phase: string;
  readonly iteration: number;
  readonly provider: string;
  readonly model: string;
  /** The tool whose own call of a model this is; absent for the turn's. */
  readonly tool?: string;
}

export interface ModelResponseData {
  readonly phase: string;
  readonly iteration: number;
  readonly finish_reason: string;
  readonly usage?: Usage | null;
  readonly first_token_ms?: number | null;
  readonly duration_ms: number;
}

export interface ToolCallStartData {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

export interface ToolCallProgressData {
  readonly id: string;
  readonly name: string;
  readonly status: "queued" | "executing";
  readonly message?: string;
  readonly completed?: number;
  readonly total?: number;
}

export interface ToolCallResultData {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly duration_ms: number;
  readonly error?: boolean;
}

export interface CompleteData {
  readonly status: "success";
  /** Every message that the turn added: what the next request sends as history. */
  readonly messages: readonly ChatMessage[];
  readonly iterations: number;
  readonly usage?: Usage | null;
  readonly stopped_by?: string;
}

export interface ErrorData {
  readonly error: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
}

interface EventData {
  status: StatusData;
  llm_request: ModelRequestData;
  delta: { readonly content: string };
  reasoning: { readonly content: string };
  llm_response: ModelResponseData;
  tool_call_start: ToolCallStartData;
  tool_call_progress: ToolCallProgressData;
  tool_call_result: ToolCallResultData;
  message_complete: AssistantMessage;
  message_reset: { readonly iteration: number };
  complete: CompleteData;
  error: ErrorData;
}

/** One event of a turn; `id` counts up by one within the turn, and is where a follower goes on from. */
export type TurnEvent = {
  [Name in keyof EventData]: { readonly id: number; readonly type: Name; readonly data: EventData[Name] };
}[keyof EventData];

const names: Readonly<Record<TurnEvent["type"], true>> = {
  status: true,
  llm_request: true,
  delta: true,
  reasoning: true,
  llm_response: true,
  tool_call_start: true,
  tool_call_progress: true,
  tool_call_result: true,
  message_complete: true,
  message_reset: true,
  complete: true,
  error: true,
};

/** False for the events that a newer server may send and this page does not know: they are passed over. */
export function isEventName(name: string | undefined): name is TurnEvent["type"] {
  return name !== undefined && Object.hasOwn(names, name);
}

/** Exactly one of these ends every turn. */
export function endsTurn(event: TurnEvent): boolean {
  return event.type === "complete" || event.type === "error";
}
