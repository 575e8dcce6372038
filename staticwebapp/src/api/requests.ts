import type { ChatMessage } from "./messages";

/** The body of `POST /api/chat`. */
export interface TurnRequest {
  readonly turn_id: string;
  readonly messages: readonly ChatMessage[];
  readonly model?: string;
  readonly tools?: readonly string[];
  /** The tools whose calls the user has approved for the chat. */
  readonly approved_tools?: readonly string[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  /** The thread that the turn continues; `messages` are then the new ones alone. */
  readonly thread_id?: string;
  /** The turn of the thread to continue from, or `root`. */
  readonly parent_turn_id?: string;
}

/** The body of `POST /api/turns/{turnId}/signals`: the user's answer to a request of a turn. */
export interface TurnSignal {
  readonly type: "approve" | "deny" | "answer";
  readonly request_id: string;
  /** A JSON object as text, which is sent as it is. */
  readonly arguments?: string;
  /** As `arguments`. */
  readonly content?: string;
  readonly reason?: string;
  readonly always?: boolean;
}

/** The body of `POST /api/search`. */
export interface SearchRequest {
  readonly turn_id: string;
  readonly queries: readonly string[];
  readonly max_results: number;
  readonly include_content: boolean;
}

/** The body of `POST /api/planning`. */
export interface PlanRequest {
  readonly turn_id: string;
  readonly query: string;
  readonly model?: string;
  readonly answers?: readonly PlanAnswer[];
}

/** The user's answer to a question of an earlier plan. */
export interface PlanAnswer {
  readonly question: string;
  readonly answer: string;
}
