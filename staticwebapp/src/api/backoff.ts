export interface Backoff {
  /** The first wait, where the server sends no `retry:`. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** Failures in a row, without an event between them, after which a turn is given up. */
  readonly maxFailures: number;
}

/** About four minutes in total: longer than a server needs to restart. */
export const defaultBackoff: Backoff = { firstMs: 500, maxMs: 15_000, maxFailures: 20 };

/** Milliseconds to wait after the given number of failures in a row: doubling, with jitter so that clients spread. */
export function delayAfter(failures: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const full = Math.min(maxMs, firstMs * 2 ** (failures - 1));
  return full * (0.5 + random() / 2);
}

/** True while the browser knows that it has no network. */
export function isOffline(): boolean {
  return typeof navigator !== "undefined" && navigator.onLine === false;
}

/** Waits, or less when the signal is aborted or the browser comes back online. Never throws. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      globalThis.removeEventListener?.("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", done);
    globalThis.addEventListener?.("online", done);
    if (signal?.aborted) {
      done();
    }
  });
}

/** The result of work that continues if it takes longer than this, or the signal is aborted; undefined then. */
export async function within<T>(milliseconds: number, work: Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
  const done = new AbortController();
  const end = AbortSignal.any([done.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    return await Promise.race([work, pause(milliseconds, end).then(() => undefined)]);
  } finally {
    done.abort();
  }
}
