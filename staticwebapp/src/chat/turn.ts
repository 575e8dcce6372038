import type { CitationData, ErrorCode, TurnEvent, Usage } from "../api/events";
import type { ChatMessage } from "../api/messages";
import { type Requests, withRequests } from "../approvals/requests";
import { failureOf, statusOf, type TurnFailure } from "./failure";
import { closeModelCall, type ModelCall, openModelCall, voidModelCall } from "./modelCalls";
import { progressed, resulted, type ToolPart, toolPart } from "./toolPart";

export type TurnStatus = "pending" | "running" | "complete" | "failed" | "stopped";

export interface TextPart {
  readonly type: "text" | "reasoning";
  readonly text: string;
}

/** What a reader sees of an answer, in the order in which it arrived. */
export type Part = TextPart | ToolPart;

/** The server waits before it repeats a model call that failed. */
export interface ModelRetry {
  /** The number of the attempt that failed, from 1. */
  readonly attempt: number;
  readonly waitSeconds: number;
  readonly code: ErrorCode;
  readonly reason: string;
}

/** All that a client knows about a turn: the fold of its events. */
export interface TurnState extends Requests {
  readonly status: TurnStatus;
  /** The last event that is folded in, after which a follower resumes; 0 before the first. */
  readonly lastEventId: number;
  readonly parts: readonly Part[];
  /** Where the parts of the message begin that is still being written, and that a reset discards. */
  readonly openFrom: number;
  readonly calls: readonly ModelCall[];
  /** Set from a failed attempt until the next event. */
  readonly retry?: ModelRetry;
  /** The messages that the turn added; while it runs, those that are complete so far. */
  readonly messages: readonly ChatMessage[];
  /** The sources that the text may cite, by their numbers. */
  readonly cited?: readonly CitationData[];
  /** How many of them a reset keeps. */
  readonly citedFrom?: number;
  readonly model?: string;
  readonly provider?: string;
  readonly usage?: Usage;
  readonly stoppedBy?: string;
  readonly failure?: TurnFailure;
}

export const newTurn: TurnState = {
  status: "pending",
  lastEventId: 0,
  parts: [],
  openFrom: 0,
  calls: [],
  messages: [],
};

export function isUnfinished(turn: TurnState): boolean {
  return turn.status === "pending" || turn.status === "running";
}

/** Folds one event in. An event that was folded in before changes nothing. */
export function reduceTurn(turn: TurnState, event: TurnEvent): TurnState {
  if (event.id <= turn.lastEventId || !isUnfinished(turn)) {
    return turn;
  }
  const { retry: _, ...before } = turn;
  return { ...withRequests(apply(before, event), event), lastEventId: event.id };
}

export function reduceTurnAll(turn: TurnState, events: Iterable<TurnEvent>): TurnState {
  for (const event of events) {
    turn = reduceTurn(turn, event);
  }
  return turn;
}

/** Ends a turn that the server did not end: it refused the start, or can no longer be reached. */
export function failTurn(turn: TurnState, failure: TurnFailure): TurnState {
  return isUnfinished(turn) ? { ...turn, status: statusOf(failure), failure } : turn;
}

/** Resumes a turn that this page had given up. */
export function resumeTurn(turn: TurnState): TurnState {
  if (turn.failure?.lost !== true) {
    return turn;
  }
  const { failure: _, ...rest } = turn;
  return { ...rest, status: rest.lastEventId === 0 ? "pending" : "running" };
}

function apply(turn: TurnState, event: TurnEvent): TurnState {
  switch (event.type) {
    case "status":
      return { ...turn, status: "running", model: event.data.model, provider: event.data.provider };
    case "llm_request":
      return {
        ...turn,
        calls: openModelCall(turn.calls, event.data),
        ...(turn.cited === undefined || event.data.tool !== undefined ? {} : { citedFrom: turn.cited.length }),
      };
    case "llm_retry": {
      const { attempt, wait_seconds: waitSeconds, code, reason } = event.data;
      return { ...turn, retry: { attempt, waitSeconds, code, reason } };
    }
    case "llm_response":
      return { ...turn, calls: closeModelCall(turn.calls, event.data) };
    case "delta":
      return { ...turn, parts: withText(turn, "text", event.data.content) };
    case "reasoning":
      return { ...turn, parts: withText(turn, "reasoning", event.data.content) };
    case "message_complete":
      return { ...turn, openFrom: turn.parts.length, messages: [...turn.messages, event.data] };
    case "message_reset":
      return {
        ...turn,
        parts: turn.parts.filter((part, index) => index < turn.openFrom || part.type === "tool"),
        calls: voidModelCall(turn.calls, event.data.iteration),
        ...(turn.cited === undefined ? {} : { cited: turn.cited.slice(0, turn.citedFrom ?? 0) }),
      };
    case "citation":
      return { ...turn, cited: [...(turn.cited ?? []), event.data] };
    case "tool_call_start":
      return { ...turn, parts: withTool(turn, toolPart(event.data)) };
    case "tool_call_progress":
      return { ...turn, parts: withTool(turn, event.data, progressed) };
    case "tool_call_result":
      return {
        ...turn,
        parts: withTool(turn, event.data, resulted),
        messages: [...turn.messages, { role: "tool", tool_call_id: event.data.id, content: event.data.content }],
      };
    case "request_answered": {
      const { id, type } = event.data;
      const request = turn.requests?.find((each) => each.id === id);
      return request?.type === "approval" && (type === "deny" || type === "expired")
        ? {
            ...turn,
            parts: withTool(turn, { ...request, id: request.call_id }, (part) => ({
              ...part,
              status: "failed",
              denied: type,
            })),
          }
        : turn;
    }
    case "complete":
      return {
        ...turn,
        status: "complete",
        messages: event.data.messages,
        ...(event.data.usage ? { usage: event.data.usage } : {}),
        ...(event.data.stopped_by === undefined ? {} : { stoppedBy: event.data.stopped_by }),
      };
    case "error":
      return failTurn(turn, failureOf(event.data));
    default:
      return turn;
  }
}

function withText(turn: TurnState, type: TextPart["type"], text: string): readonly Part[] {
  const last = turn.parts.at(-1);
  // Text after a finished message is a part of its own, so that a reset discards only the unfinished message.
  return last?.type === type && turn.parts.length > turn.openFrom
    ? [...turn.parts.slice(0, -1), { type, text: last.text + text }]
    : [...turn.parts, { type, text }];
}

/** Adds the call, or changes the known one: any of its events may be the first that a client receives. */
function withTool<Data extends { readonly id: string; readonly name: string }>(
  { parts, messages }: TurnState,
  data: Data,
  change: (part: ToolPart, data: Data) => ToolPart = (part) => part,
): readonly Part[] {
  const index = parts.findIndex((part) => part.type === "tool" && part.id === data.id);
  const known = parts[index];
  return known?.type === "tool"
    ? parts.with(index, change(known, data))
    : [...parts, change({ ...toolPart({ arguments: "", ...data }), round: roundOf(messages) }, data)];
}

/** Calls of the same message belong to one round. */
function roundOf(messages: readonly ChatMessage[]): number {
  return messages.filter(({ role }) => role === "assistant").length;
}
