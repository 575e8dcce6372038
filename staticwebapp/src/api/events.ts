import {
  type ChatEventData,
  chatEventNames,
  type PlanEventData,
  planEventNames,
  type SearchEventData,
  searchEventNames,
} from "./events.gen";

export type {
  ApprovalRequestData,
  BudgetRequestData,
  BudgetWarningData,
  CitationData,
  ErrorCode,
  ErrorData,
  FoundPage,
  InputRequestData,
  LlmRequestData,
  LlmResponseData,
  MergedPage,
  PlanData,
  ToolCallProgressData,
  ToolCallResultData,
  ToolCallStartData,
  Usage,
} from "./events.gen";

/** `id` only goes up within the turn; a follower resumes after the last one that it has. */
type EventOf<Data> = {
  [Name in keyof Data]: { readonly id: number; readonly type: Name; readonly data: Data[Name] };
}[keyof Data];

/** One event of a chat's turn. */
export type TurnEvent = EventOf<ChatEventData>;

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

export const turnEvents = new EventKind<TurnEvent>(chatEventNames);

export const searchEvents = new EventKind<SearchEvent>(searchEventNames);

export const planEvents = new EventKind<PlanEvent>(planEventNames);

/** Exactly one of these ends every turn. */
export function endsTurn(event: StreamEvent): boolean {
  return event.type === "complete" || event.type === "error";
}
