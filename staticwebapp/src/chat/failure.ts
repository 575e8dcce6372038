import { ProtocolError } from "../api/decoder";
import type { ErrorCode, ErrorData } from "../api/events";
import { ApiError } from "../api/problem";
import { strings } from "../i18n/strings";

export interface TurnFailure {
  readonly message: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** The HTTP status, where the server refused the request. */
  readonly status?: number;
  /** True when the server did not end the turn as far as this page knows: it may still be followed. */
  readonly lost?: boolean;
  /** True when the message is a text of the page, in its language. The server's messages are English. */
  readonly translated?: boolean;
}

/** What following a turn threw, in words for the user. */
export function toFailure(error: unknown): TurnFailure {
  if (error instanceof ApiError) {
    const { message, code, retryable, status, translated } = error;
    return { message, code, retryable: retryable || code === "NOT_FOUND", status, lost: status === 0, translated };
  }
  return error instanceof ProtocolError
    ? { message: error.message, code: "INTERNAL", retryable: true }
    : { message: strings.somethingWrong, code: "INTERNAL", retryable: true, translated: true };
}

/** How the server ended a turn with an error. */
export function failureOf({ error: message, code, retryable }: ErrorData): TurnFailure {
  return { message, code, retryable };
}

/** How a turn ends that has failed. */
export function statusOf({ code }: TurnFailure): "stopped" | "failed" {
  return code === "CANCELLED" ? "stopped" : "failed";
}

export const stoppedByUser: TurnFailure = {
  message: "Stopped by the user.",
  code: "CANCELLED",
  retryable: true,
};
