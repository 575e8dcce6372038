import { type Backoff, delayAfter, pause } from "./backoff";
import { ApiError } from "./problem";

const defaultWaits: Backoff = { firstMs: 1_000, maxMs: 15_000, maxFailures: 4 };

/** A server that asks for a longer wait is not expected back while the user looks at the page. */
const longestWaitMs = 60_000;

/** Sends a request, and sends it again a few times while the server is too busy (429) or unavailable (503), when its Retry-After has passed. */
export async function whenFree<T>(
  request: () => Promise<T>,
  signal: AbortSignal,
  backoff: Backoff = defaultWaits,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await request();
    } catch (error) {
      const busy = error instanceof ApiError && (error.status === 429 || error.status === 503);
      if (!busy || failures > backoff.maxFailures || (error.retryAfterMs ?? 0) > longestWaitMs) {
        throw error;
      }
      // Requests that were refused together are not sent together again.
      const after = error.retryAfterMs;
      await pause(after === undefined ? delayAfter(failures, backoff) : after * (1 + Math.random() / 2), signal);
      if (signal.aborted) {
        throw error;
      }
    }
  }
}
