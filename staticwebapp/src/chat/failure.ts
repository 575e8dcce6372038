import { ProtocolError } from "../api/decoder";
import type { ErrorCode } from "../api/events";
import { ApiError } from "../api/problem";

export interface TurnFailure {
  readonly message: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** True when the server did not end the turn as far as this page knows: it may still be followed. */
  readonly lost?: boolean;
}

/** Whatever following a turn threw, as a person is told of it. */
export function toFailure(error: unknown): TurnFailure {
  if (error instanceof ApiError) {
    const { message, code, retryable, status } = error;
    return { message, code, retryable: retryable || code === "NOT_FOUND", lost: status === 0 };
  }
  const message = error instanceof ProtocolError ? error.message : "Something went wrong in this page.";
  return { message, code: "INTERNAL", retryable: true };
}

export const stoppedByPerson: TurnFailure = {
  message: "You stopped this answer.",
  code: "CANCELLED",
  retryable: true,
};
