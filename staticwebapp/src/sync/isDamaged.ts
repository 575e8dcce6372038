import { ApiError } from "../api/problem";

/** Whether the server can't read what it has stored of a chat. That affects no other chat, and trying again does not help. */
export function isDamaged(error: unknown): boolean {
  return error instanceof ApiError && error.status === 500 && !error.retryable;
}
