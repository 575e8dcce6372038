import { unreachable } from "./problem";

/** How long a response to a read may take to begin: it is repeated at little cost. */
export const readMs = 15_000;

/** The same for a request that changes something, or starts a turn, in addition to the time that its body takes. */
const changeMs = 30_000;

/** A network that carries a body more slowly does not count as working: 16 KB a second. */
const slowestBytesPerMs = 16;

/** The size of a response that does not name it, at most: what is larger does. */
const unknownSize = 2_000_000;

/** A request, and how long its response may take to begin, in milliseconds, if not as long as others. */
export interface LimitedInit extends RequestInit {
  readonly limitMs?: number;
}

/**
 * `fetch` that gives up a connection over which nothing comes: a network may lose it without a reset. An event stream is not limited
 * once it has begun, since `followTurn` reads it.
 * @throws ApiError when the response does not begin in time, as does reading its body when that takes too long.
 */
export async function limitedFetch(url: string, { limitMs, ...init }: LimitedInit): Promise<Response> {
  const connection = new AbortController();
  const giveUp = () => connection.abort(unreachable());
  const signal = AbortSignal.any([connection.signal, ...(init.signal ? [init.signal] : [])]);
  const timer = setTimeout(giveUp, limitMs ?? (isRead(init) ? readMs : changeMs + durationOf(sizeOf(init.body))));
  try {
    const response = await fetch(url, { ...init, signal });
    if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
      setTimeout(giveUp, readMs + durationOf(Number(response.headers.get("content-length") ?? unknownSize))); // without effect once it is read
    }
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function isRead({ method = "GET" }: RequestInit): boolean {
  return method === "GET";
}

function durationOf(bytes: number): number {
  return bytes / slowestBytesPerMs;
}

function sizeOf(body: RequestInit["body"]): number {
  return typeof body === "string" ? body.length : body instanceof Blob ? body.size : 0;
}
