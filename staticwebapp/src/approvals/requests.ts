import type {
  ApprovalRequestData,
  BudgetRequestData,
  BudgetWarningData,
  InputRequestData,
  TurnEvent,
} from "../api/events";

/** A request of a turn to the user. */
export type PersonRequest =
  | ({ readonly type: "approval" } & ApprovalRequestData)
  | ({ readonly type: "input" } & InputRequestData)
  | ({ readonly type: "budget" } & BudgetRequestData);

/** What a turn asks the user. */
export interface Requests {
  /** The open requests. */
  readonly requests?: readonly PersonRequest[];
  /** True while nothing runs until the user answers. */
  readonly parked?: boolean;
  /** The budgets of which most is used. */
  readonly warnings?: readonly BudgetWarningData[];
}

/** The ids of the tool calls that wait for an answer of the user. */
export function waitingCalls({ requests = [] }: Requests): ReadonlySet<string> {
  return new Set(requests.flatMap((request) => ("call_id" in request ? (request.call_id ?? []) : [])));
}

/** Folds one event in. */
export function withRequests<State extends Requests>(state: State, event: TurnEvent): State {
  const requests = state.requests ?? [];
  switch (event.type) {
    case "approval_request":
      return { ...state, requests: [...requests, { type: "approval", ...event.data }] };
    case "input_request":
      return { ...state, requests: [...requests, { type: "input", ...event.data }] };
    case "budget_request":
      return { ...state, requests: [...requests, { type: "budget", ...event.data }] };
    case "budget_warning":
      return { ...state, warnings: [...(state.warnings ?? []), event.data] };
    case "request_answered":
      return { ...state, requests: requests.filter(({ id }) => id !== event.data.id), parked: false };
    case "parked":
      return { ...state, parked: true };
    default:
      return state.parked === true ? { ...state, parked: false } : state;
  }
}
