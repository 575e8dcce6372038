import { unreachable } from "./problem";

/** How long a response to a read may take to begin: it is repeated at little cost. */
export const readMs = 15_000;

/** The same for a request that changes something, or starts a turn, in addition to the time that its body takes. */
const changeMs = 30_000;

/** A network that sends a body more slowly does not count as working: 16 KB a second. */
const slowestBytesPerMs = 16;

/**
 * `fetch` that gives up a connection over which nothing comes: a network may lose it without a reset. An event stream is not limited
 * once it has begun, since `followTurn` reads it.
 * @throws ApiError when the response does not begin in time, as does reading its body when that stops.
 */
export async function limitedFetch(url: string, init: RequestInit): Promise<Response> {
  const connection = new AbortController();
  const limitMs = isRead(init) ? readMs : changeMs + sizeOf(init.body) / slowestBytesPerMs;
  const limited = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => connection.abort(unreachable()), limitMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  };

  const signal = AbortSignal.any([connection.signal, ...(init.signal ? [init.signal] : [])]);
  const response = await limited(fetch(url, { ...init, signal }));
  if (response.body === null || response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
    return response;
  }
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await limited(reader.read());
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 }, // the time runs only while somebody reads
  );
  return new Response(body, response);
}

function isRead({ method = "GET" }: RequestInit): boolean {
  return method === "GET";
}

function sizeOf(body: RequestInit["body"]): number {
  return typeof body === "string" ? body.length : body instanceof Blob ? body.size : 0;
}
