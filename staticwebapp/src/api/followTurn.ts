import { type Backoff, defaultBackoff, delayAfter, isOffline, pause } from "./backoff";
import type { ChatApi } from "./client";
import { ProtocolError, TurnEventDecoder } from "./decoder";
import { type EventKind, endsTurn, type StreamEvent } from "./events";
import { ApiError, unreachable } from "./problem";

export type Connection = "connecting" | "open" | "reconnecting";

export interface FollowOptions<Event extends StreamEvent> {
  readonly api: Pick<ChatApi, "followTurn">;
  readonly events: EventKind<Event>;
  readonly turnId: string;
  /** Starts the turn if the server does not have it yet; without it a turn is only followed. */
  readonly start?: ((signal: AbortSignal) => Promise<Response>) | undefined;
  /** The last event that is known already; 0 follows from the start. */
  readonly after: number;
  readonly signal: AbortSignal;
  readonly onConnection?: (connection: Connection) => void;
  readonly backoff?: Backoff;
  /** Without a byte for so long a connection counts as dead: the server fills silence with a comment every 10 s. */
  readonly silenceMs?: number;
}

/** A turn that never sent an event is given up sooner, since somebody who has just pressed Enter waits for it. */
const maxFailuresBeforeFirstEvent = 5;

/** How long a server may take to end a stream by itself, behind the last event: the Functions host counts one that is cut there as failed. */
export const endMs = 2_000;

/** Browsers say when they are back online; some forget to. */
const offlineCheckMs = 15_000;

/**
 * Starts a turn, or follows one that is under way, to its end, and yields its events in order, each exactly once, in
 * batches as they arrive. A connection that breaks is made again from the next event on. Returns after `complete` or
 * `error`, and when the signal is aborted.
 * @throws ApiError when the server refuses, no longer has the turn, or stays out of reach.
 * @throws ProtocolError when what it sends is no event stream of ours.
 */
export async function* followTurn<Event extends StreamEvent>(
  options: FollowOptions<Event>,
): AsyncGenerator<readonly Event[], void, void> {
  const { signal, backoff = defaultBackoff, onConnection } = options;
  let last = options.after;
  let mayStart = options.start !== undefined;
  let failures = 0;
  let serverRetryMs: number | undefined;

  while (!signal.aborted) {
    let waitMs: number | undefined;
    onConnection?.(failures === 0 ? "connecting" : "reconnecting");
    const connection = new AbortController();
    let ended = false;
    try {
      const decoder = new TurnEventDecoder(options.events);
      const response = await connect(
        options,
        mayStart && last === 0,
        last,
        AbortSignal.any([signal, connection.signal]),
      );
      for await (const bytes of read(response, connection, options.silenceMs ?? 30_000)) {
        onConnection?.("open");
        const events = decoder.push(bytes).filter((event) => event.id > last);
        serverRetryMs = decoder.retryMs ?? serverRetryMs;
        if (events.length > 0) {
          last = checkedLast(events, last);
          failures = 0;
          ended = events.some(endsTurn);
          yield events;
          if (ended) {
            return;
          }
        }
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof ApiError && error.status === 409 && mayStart) {
        mayStart = false; // the id is ours and the turn is there, started with other words: follow it
        continue;
      }
      if (!passes(error, last)) {
        throw error;
      }
      waitMs = error instanceof ApiError ? error.retryAfterMs : undefined;
    } finally {
      if (ended) {
        setTimeout(() => connection.abort(), endMs);
      } else {
        connection.abort();
      }
    }

    if (isOffline()) {
      onConnection?.("reconnecting");
      await pause(offlineCheckMs, signal); // or until the browser is back online, and no failure of the server's
      continue;
    }
    failures += 1;
    if (failures > (last === 0 ? Math.min(maxFailuresBeforeFirstEvent, backoff.maxFailures) : backoff.maxFailures)) {
      throw unreachable();
    }
    onConnection?.("reconnecting");
    await pause(waitMs ?? delayAfter(failures, { ...backoff, firstMs: serverRetryMs ?? backoff.firstMs }), signal);
  }
}

async function connect<Event extends StreamEvent>(
  options: FollowOptions<Event>,
  start: boolean,
  after: number,
  signal: AbortSignal,
): Promise<Response> {
  // The same id and body again follow the same turn, so a start whose answer got lost is simply made again.
  const response =
    start && options.start !== undefined
      ? await options.start(signal)
      : await options.api.followTurn(options.turnId, after, signal);
  if (response.status === 204) {
    throw new ApiError("This answer ended while the page was away, and its end is no longer held by the server.", {
      code: "NOT_FOUND",
      status: 204,
      retryable: false,
    });
  }
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    throw new ProtocolError("What answers at the API's address is not a FuncChat server.");
  }
  return response;
}

/** The body's bytes; the connection is aborted when it stays silent, as one does that broke without a word. */
async function* read(response: Response, connection: AbortController, silenceMs: number): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) {
    return;
  }
  for (;;) {
    const timer = setTimeout(() => connection.abort(), silenceMs);
    try {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield value;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Ids go up, and leave some out where another instance went on with the turn (docs/decisions/0001-write-through-turn-log.md). */
function checkedLast(events: readonly StreamEvent[], last: number): number {
  for (const { id } of events) {
    if (id <= last) {
      throw new ProtocolError(`Event ${id} came after event ${last}.`);
    }
    last = id;
  }
  return last;
}

/** True for a failure that may pass by itself. */
function passes(error: unknown, last: number): boolean {
  if (error instanceof ApiError) {
    // A server that refuses to start a turn has said why, and the person should read it; one that is asked to go on
    // with a turn, or whose gateway answers for it, may only be busy or starting.
    return error.status === 0 || error.fromGateway || (last > 0 && error.retryable);
  }
  return !(error instanceof ProtocolError);
}
