// Generated from the records of events on the server. CONTRIBUTING.md describes how to update it.
import type { AssistantMessage, ChatMessage } from "./messages";

/** A tool call waits for a person's approval. */
export interface ApprovalRequestData {
  readonly id: string;
  readonly call_id: string;
  readonly name: string;
  /** A JSON object as text. */
  readonly arguments: string;
  readonly expires_at: string;
  /** Why the call needs an approval. */
  readonly reason?: string;
  /** The reason as a code, for clients that have texts of their own. */
  readonly reason_code?: "changes" | "deletes" | "each_call" | "made_up_address";
  /** True if the approval may hold for later calls of the tool too. Absent if each call needs its own. */
  readonly allows_always?: boolean;
  /** The id of the user whose turn it is, for approvers. Absent if users approve the calls of their own turns. */
  readonly owner?: string;
}

/** A budget has no room for the next model call. An administrator can raise it and let the turn continue. */
export interface BudgetRequestData {
  readonly id: string;
  /** The name of the budget, such as `user_cost_per_month`. */
  readonly limit: string;
  /** How much of it is used: tokens, or an amount of the currency. */
  readonly used: number;
  /** How much the next model call needs at least. */
  readonly needed: number;
  readonly expires_at: string;
  /** The tool call whose next model call needs it. Absent if the turn's own next model call does. */
  readonly call_id?: string;
  /** The budget, raises included. */
  readonly allowed?: number;
  /** By how much an approval without an amount raises it. */
  readonly raise?: number;
  /** The currency of the amounts. Absent for a budget in tokens. */
  readonly currency?: string;
  /** When the period of the budget ends, and the raise with it. */
  readonly resets_at?: string;
  /** The id of the user whose turn it is, for administrators. */
  readonly owner?: string;
}

/** Most of a budget of the user is used. Reported once in a turn for each budget. */
export interface BudgetWarningData {
  /** The name of the budget, such as `user_cost_per_month`. */
  readonly limit: string;
  /** How much of it is used: tokens, or an amount of the currency. */
  readonly used: number;
  /** The budget, raises included. */
  readonly allowed: number;
  /** When the period of the budget ends. */
  readonly resets_at: string;
  /** The currency of the amounts. Absent for a budget in tokens. */
  readonly currency?: string;
}

/** A source that the answer may cite. It precedes the result of the tool call that found it, or the `message_complete` of the answer that its provider sent it with. */
export interface CitationData {
  /** The number of the source in the turn, from 1: the model cites it as `[1]`. */
  readonly number: number;
  readonly url: string;
  readonly title: string;
}

/** A call of a tool that the client runs. */
export interface ClientToolCall {
  readonly id: string;
  readonly name: string;
  /** A JSON object as text or, if they are cut or invalid, what the model wrote. */
  readonly arguments: string;
}

/** The model calls tools that the client runs. The turn completes; the client sends the results with its next request. */
export interface ClientToolCallsData {
  readonly calls: readonly ClientToolCall[];
}

/** The chat ended with an answer. */
export interface CompleteData {
  readonly status: "success";
  /** The messages that the turn added, the assistant's and the tools'. Send them with the next request. */
  readonly messages: readonly ChatMessage[];
  readonly iterations: number;
  /** The tokens of all model calls, those of tools included. */
  readonly usage: Usage;
  /** Why the answer is cut short. Absent if it is complete. */
  readonly stopped_by?: "max_iterations" | "length";
  /** When the turn ended. Absent if this server's own protocol started it. */
  readonly at?: string;
}

/** Every way in which a request or a turn can fail. On the wire in capitals, such as `UPSTREAM_TIMEOUT`. */
export type ErrorCode =
  | "INVALID_REQUEST"
  | "UNAUTHORIZED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "BUDGET_EXCEEDED"
  | "CONFIGURATION_ERROR"
  | "UPSTREAM_ERROR"
  | "UPSTREAM_TIMEOUT"
  | "TURN_TIMEOUT"
  | "CONTENT_FILTERED"
  | "CANCELLED"
  | "UNAVAILABLE"
  | "INTERNAL";

/** The turn ended without a result. */
export interface ErrorData {
  /** A sentence for the user. */
  readonly error: string;
  readonly code: ErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** The seconds to wait before the next attempt, if known. */
  readonly retry_after?: number;
  /** The location of the error in the request's body, such as $.response_format. */
  readonly path?: string;
  /** A narrower code in OpenAI's words, such as `context_length_exceeded`. */
  readonly reason?: string;
}

/** A page that a query found. */
export interface FoundPage {
  /** The page's canonical URL, the same for every query that finds the page. */
  readonly url: string;
  readonly title: string;
  readonly description: string;
  /** One divided by the position among the query's results: 1, 0.5, 0.3333… */
  readonly score: number;
  /** The page's text, if it was requested and could be read. */
  readonly content?: string;
  /** A note that the text was cut, if it was. */
  readonly content_note?: string;
  /** Why the text is missing. */
  readonly content_error?: string;
}

/** A tool asks the person a question. */
export interface InputRequestData {
  readonly id: string;
  readonly call_id: string;
  readonly message: string;
  /** The JSON Schema of the answer, an object with properties of simple types. */
  readonly schema: object;
  readonly expires_at: string;
  /** The page that the person is asked to open, in place of a form. It comes from the tool and may be hostile: show all of it, and let the person open it. */
  readonly url?: string;
  /** The MCP server that the person is asked to sign in to, in place of a form. */
  readonly sign_in?: string;
}

/** A model call starts: one of the turn's own or, with a tool's name, one that a tool makes. */
export interface LlmRequestData {
  /** `answer`, `final_answer`, `plan`, `plan_repair`, or a word of the tool. */
  readonly phase: string;
  /** Counts the calls of the turn, or of the tool call, from 1. */
  readonly iteration: number;
  readonly provider: string;
  readonly model: string;
  /** The tool that makes the call; absent for the turn's own calls. */
  readonly tool?: string;
  readonly tool_call_id?: string;
}

/** A model call ended. Times are milliseconds from its start. If a provider refuses a plan's call because of the schema that it asks for, the call ends with the finish_reason `error` and is repeated without the schema. */
export interface LlmResponseData {
  readonly phase: string;
  readonly iteration: number;
  readonly finish_reason: string;
  readonly usage?: Usage;
  readonly first_token_ms?: number;
  readonly duration_ms: number;
  /** The tool that made the call; absent for the turn's own calls. */
  readonly tool?: string;
  readonly tool_call_id?: string;
}

/** A model call failed before its answer began, and is retried after a wait. */
export interface LlmRetryData {
  readonly iteration: number;
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  /** The time until the next attempt. */
  readonly wait_seconds: number;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** A page, ranked over all queries. */
export interface MergedPage {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  /** From 0 to 1: the sum of the page's reciprocal ranks divided by the number of queries that succeeded. */
  readonly score: number;
  /** The queries that found it. */
  readonly queries: readonly string[];
}

/** The unfinished text of this model call is void: the call is retried. */
export interface MessageResetData {
  readonly iteration: number;
}

/** The turn waits for a person, and nothing runs. The stream ends here; the turn continues with the next ids once it is answered. */
export interface ParkedData {
  /** The ids of the open requests. */
  readonly waiting: readonly string[];
  /** When the turn was parked: the time until it continues does not count. */
  readonly at: string;
}

/** The turn ended with a plan. */
export interface PlanCompleteData {
  readonly status: "success";
  /** The tokens of all its model calls. */
  readonly usage: Usage;
}

/** The plan. */
export interface PlanData {
  /** The plan in Markdown. */
  readonly text: string;
  /** The web searches to run, in order, each as a list of keywords. */
  readonly search_keywords: readonly (readonly string[])[];
  /** What only the user can answer. Send the answers as `answers` to refine the plan. */
  readonly questions: readonly string[];
  /** The expert who should write the answer. */
  readonly persona: string;
  readonly reasoning: string;
  readonly complexity: "simple" | "moderate" | "complex";
}

/** A piece of the model's reasoning. */
export interface ReasoningPiece {
  /** The piece as the provider escaped it. In a turn of an older version, it may end in the middle of a surrogate pair. */
  readonly content: string;
}

/** A request was answered, or expired. */
export interface RequestAnsweredData {
  readonly id: string;
  /** `approve`, `deny`, `answer` or `expired`. */
  readonly type: "approve" | "deny" | "answer" | "expired";
  /** The id of the user who answered; `server` if the request expired. */
  readonly by: string;
  /** When. */
  readonly at: string;
  /** The arguments that the person changed, a JSON object as text. Absent if they are unchanged. */
  readonly arguments?: string;
  /** The answer to a question, a JSON object. */
  readonly content?: object;
  readonly reason?: string;
  /** True if the approval holds for later calls of the tool in this turn. */
  readonly always?: boolean;
}

/** The search ended, and at least one query succeeded. */
export interface SearchCompleteData {
  readonly status: "success";
  /** Each page once, best first. */
  readonly results: readonly MergedPage[];
}

/** A query failed; the others continue. */
export interface SearchErrorData {
  readonly query: string;
  /** The query's position in the request, from 0. */
  readonly index: number;
  readonly error: string;
}

/** The results of a query, best first. */
export interface SearchResultData {
  readonly query: string;
  /** The query's position in the request, from 0. */
  readonly index: number;
  readonly count: number;
  readonly results: readonly FoundPage[];
}

/** The search started. The first event of a search. */
export interface SearchStartData {
  readonly turn_id: string;
  readonly queries: readonly string[];
  readonly max_results: number;
}

/** The turn started. The first event of a chat or a plan. */
export interface StatusData {
  readonly status: "processing";
  readonly turn_id: string;
  /** The model's name as its provider knows it. */
  readonly model: string;
  readonly provider: string;
  readonly has_tools: boolean;
}

/** A piece of the answer's text. */
export interface TextPiece {
  /** The piece as the provider escaped it. In a turn of an older version, it may end in the middle of a surrogate pair. */
  readonly content: string;
  /** True for a piece in which the model declines to answer, absent otherwise. */
  readonly refusal?: boolean;
}

/** The state of a tool call that runs. The latest such event counts. */
export interface ToolCallProgressData {
  readonly id: string;
  readonly name: string;
  readonly status: "queued" | "executing";
  readonly message?: string;
  readonly completed?: number;
  readonly total?: number;
}

/** A tool call ended. */
export interface ToolCallResultData {
  readonly id: string;
  readonly name: string;
  /** The result that the model receives. */
  readonly content: string;
  readonly duration_ms: number;
  /** True for a failure, absent otherwise. */
  readonly error?: boolean;
}

/** A tool call is complete, was accepted, and runs. */
export interface ToolCallStartData {
  readonly id: string;
  readonly name: string;
  /** A JSON object as text. */
  readonly arguments: string;
}

/** Tokens used, on one scale for every provider: `input_tokens` include cached ones and those written to the cache, `output_tokens` include reasoning. */
export interface Usage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Tokens read from the provider's cache. Part of the input tokens. */
  readonly cached_input_tokens?: number;
  /** Tokens written to the provider's cache, which some providers charge for separately. Part of the input tokens. */
  readonly cache_write_input_tokens?: number;
  /** Part of the output tokens. */
  readonly reasoning_tokens?: number;
  /** What the tokens cost, in the currency of the server's prices. Absent if no model has a price. */
  readonly cost?: number;
}

/** The data of the events of a chat, by their names. */
export interface ChatEventData {
  readonly status: StatusData;
  readonly llm_request: LlmRequestData;
  readonly llm_retry: LlmRetryData;
  readonly llm_response: LlmResponseData;
  readonly delta: TextPiece;
  readonly reasoning: ReasoningPiece;
  readonly tool_call_start: ToolCallStartData;
  readonly tool_call_progress: ToolCallProgressData;
  readonly tool_call_result: ToolCallResultData;
  readonly citation: CitationData;
  readonly client_tool_calls: ClientToolCallsData;
  readonly message_complete: AssistantMessage;
  readonly message_reset: MessageResetData;
  readonly approval_request: ApprovalRequestData;
  readonly input_request: InputRequestData;
  readonly budget_request: BudgetRequestData;
  readonly budget_warning: BudgetWarningData;
  readonly request_answered: RequestAnsweredData;
  readonly parked: ParkedData;
  readonly complete: CompleteData;
  readonly error: ErrorData;
}

/** The names of the events of a chat. */
export const chatEventNames: Readonly<Record<keyof ChatEventData, true>> = {
  status: true,
  llm_request: true,
  llm_retry: true,
  llm_response: true,
  delta: true,
  reasoning: true,
  tool_call_start: true,
  tool_call_progress: true,
  tool_call_result: true,
  citation: true,
  client_tool_calls: true,
  message_complete: true,
  message_reset: true,
  approval_request: true,
  input_request: true,
  budget_request: true,
  budget_warning: true,
  request_answered: true,
  parked: true,
  complete: true,
  error: true,
};

/** The data of the events of a search, by their names. */
export interface SearchEventData {
  readonly search_start: SearchStartData;
  readonly search_result: SearchResultData;
  readonly search_error: SearchErrorData;
  readonly complete: SearchCompleteData;
  readonly error: ErrorData;
}

/** The names of the events of a search. */
export const searchEventNames: Readonly<Record<keyof SearchEventData, true>> = {
  search_start: true,
  search_result: true,
  search_error: true,
  complete: true,
  error: true,
};

/** The data of the events of a plan, by their names. */
export interface PlanEventData {
  readonly status: StatusData;
  readonly llm_request: LlmRequestData;
  readonly llm_retry: LlmRetryData;
  readonly llm_response: LlmResponseData;
  readonly reasoning: ReasoningPiece;
  readonly message_reset: MessageResetData;
  readonly plan: PlanData;
  readonly complete: PlanCompleteData;
  readonly error: ErrorData;
}

/** The names of the events of a plan. */
export const planEventNames: Readonly<Record<keyof PlanEventData, true>> = {
  status: true,
  llm_request: true,
  llm_retry: true,
  llm_response: true,
  reasoning: true,
  message_reset: true,
  plan: true,
  complete: true,
  error: true,
};
