import type { AssistantMessage, ChatMessage } from "./messages";

/** The closed list of ways in which a request or a turn fails; the server's problem documents use the same codes. */
export type ErrorCode =
  | "INVALID_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "CONFIGURATION_ERROR"
  | "UPSTREAM_ERROR"
  | "UPSTREAM_TIMEOUT"
  | "TURN_TIMEOUT"
  | "CONTENT_FILTERED"
  | "CANCELLED"
  | "UNAVAILABLE"
  | "UNAVAILABLE"
  | "CONFLICT"
  | "TURN_TIMEOUT"
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
  /** The tool that makes the call; absent for the turn's own calls. */
  readonly tool?: string;
  readonly tool_call_id?: string;
}

export interface ModelResponseData {
  readonly phase: string;
  readonly iteration: number;
  /** The tool that made the call; absent for the turn's own calls. */
  readonly tool?: string;
  readonly tool_call_id?: string;
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
  /** Every message that the turn added: the history of the next request. */
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

/** A page that a query found; with its text, or the reason why there is none, where pages were read. */
export interface FoundPage {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly score: number;
  readonly content?: string | null;
  readonly content_note?: string | null;
  readonly content_error?: string | null;
}

/** A page from all queries, with the queries that found it. */
export interface MergedPage {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly score: number;
  readonly queries: readonly string[];
}

export interface PlanData {
  /** The steps, in Markdown. */
  readonly text: string;
  readonly search_keywords: readonly (readonly string[])[];
  readonly questions: readonly string[];
  readonly persona: string;
  readonly reasoning: string;
  readonly complexity: string;
}

interface TurnEventData {
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

interface SearchEventData {
  search_start: { readonly turn_id: string; readonly queries: readonly string[]; readonly max_results: number };
  search_result: {
    readonly query: string;
    readonly index: number;
    readonly count: number;
    readonly results: readonly FoundPage[];
  };
  search_error: { readonly query: string; readonly index: number; readonly error: string };
  complete: { readonly status: "success"; readonly results: readonly MergedPage[] };
  error: ErrorData;
}

interface PlanEventData
  extends Pick<TurnEventData, "status" | "llm_request" | "reasoning" | "llm_response" | "message_reset" | "error"> {
  plan: PlanData;
  complete: { readonly status: "success"; readonly usage?: Usage | null };
}

/** `id` only goes up within the turn; a follower resumes after the last one that it has. */
type EventOf<Data> = {
  [Name in keyof Data]: { readonly id: number; readonly type: Name; readonly data: Data[Name] };
}[keyof Data];

/** One event of a chat's turn. */
export type TurnEvent = EventOf<TurnEventData>;

/** One event of a search's turn. */
export type SearchEvent = EventOf<SearchEventData>;

/** One event of a plan's turn. */
export type PlanEvent = EventOf<PlanEventData>;

export type StreamEvent = TurnEvent | SearchEvent | PlanEvent;

/** The events of one kind of turn; others that a newer server may send are ignored. */
export class EventKind<Event extends StreamEvent> {
  readonly #names: Readonly<Record<Event["type"], true>>;

  constructor(names: Readonly<Record<Event["type"], true>>) {
    this.#names = names;
  }

  has(name: string | undefined): name is Event["type"] {
    return name !== undefined && Object.hasOwn(this.#names, name);
  }

  /** The event of this name; its data is trusted to be what the server documents. */
  event(id: number, type: Event["type"], data: object): Event {
    return { id, type, data } as unknown as Event;
  }
}

export const turnEvents = new EventKind<TurnEvent>({
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
});

export const searchEvents = new EventKind<SearchEvent>({
  search_start: true,
  search_result: true,
  search_error: true,
  complete: true,
  error: true,
});

export const planEvents = new EventKind<PlanEvent>({
  status: true,
  llm_request: true,
  reasoning: true,
  llm_response: true,
  message_reset: true,
  plan: true,
  complete: true,
  error: true,
});

/** Exactly one of these ends every turn. */
export function endsTurn(event: StreamEvent): boolean {
  return event.type === "complete" || event.type === "error";
}
