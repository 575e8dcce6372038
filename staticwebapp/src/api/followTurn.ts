import { strings } from "../i18n/strings";
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
  /** Whether that event is `parked`. */
  readonly parked?: boolean;
  readonly signal: AbortSignal;
  /** Called with the state of the connection and, while it waits, the time of the next attempt. */
  readonly onConnection?: (connection: Connection, retryAt?: number) => void;
  readonly backoff?: Backoff;
  /** A connection without a byte for this long counts as dead. The server sends a comment while a turn is silent. */
  readonly silenceMs?: number;
  readonly now?: () => number;
}

/** A turn that never sent an event is given up sooner, because the user who has just pressed Enter is waiting. */
const maxFailuresBeforeFirstEvent = 5;

/** How long the server may take to end a stream after the last event. The Functions host counts one that the page cuts as failed. */
export const endMs = 2_000;

/** Some browsers fire no event when they are back online. */
const offlineCheckMs = 15_000;

/** A connection that still delivers bytes after this long works, even when the turn itself is silent. */
const steadyMs = 5_000;

/**
 * Starts a turn, or follows a running one, to its end, and yields its events in order, each exactly once, in batches as
 * they arrive. A failed connection resumes after the last event. Returns after `complete` or `error`, when the stream
 * ends with `parked`, and when the signal is aborted.
 * @throws ApiError when the server refuses, no longer has the turn, or stays unreachable.
 * @throws ProtocolError when the response is not an event stream of this protocol.
 */
export async function* followTurn<Event extends StreamEvent>(
  options: FollowOptions<Event>,
): AsyncGenerator<readonly Event[], void, void> {
  const { signal, backoff = defaultBackoff, onConnection, now = Date.now } = options;
  let last = options.after;
  let parked = options.parked === true;
  let mayStart = options.start !== undefined;
  let failures = 0;
  let serverRetryMs: number | undefined;

  while (!signal.aborted) {
    let waitMs: number | undefined;
    const resumes = !(mayStart && last === 0) && !parked;
    onConnection?.(failures === 0 && !resumes ? "connecting" : "reconnecting");
    const connection = new AbortController();
    let ended = false;
    try {
      const decoder = new TurnEventDecoder(options.events);
      const response = await connect(
        options,
        mayStart && last === 0,
        last,
        parked,
        AbortSignal.any([signal, connection.signal]),
      );
      const openedAt = now();
      if (response.status === 204) {
        return; // the parked turn still waits
      }
      for await (const bytes of read(response, connection, options.silenceMs ?? 30_000)) {
        onConnection?.("open");
        if (now() - openedAt >= steadyMs) {
          failures = 0;
        }
        const events = decoder.push(bytes).filter((event) => event.id > last);
        serverRetryMs = decoder.retryMs ?? serverRetryMs;
        if (events.length > 0) {
          last = checkedLast(events, last);
          failures = 0;
          ended = events.some(endsTurn);
          parked = events.at(-1)?.type === "parked";
          yield events;
          if (ended) {
            return;
          }
        }
      }
      if (parked) {
        return;
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof ApiError && error.status === 409 && mayStart) {
        mayStart = false; // the turn exists under this id with another body: follow it
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
      await pause(offlineCheckMs, signal); // or until the browser is back online; not a failure of the server
      continue;
    }
    failures += 1;
    if (failures > (last === 0 ? Math.min(maxFailuresBeforeFirstEvent, backoff.maxFailures) : backoff.maxFailures)) {
      throw unreachable();
    }
    const delay = waitMs ?? delayAfter(failures, { ...backoff, firstMs: serverRetryMs ?? backoff.firstMs });
    onConnection?.("reconnecting", now() + delay);
    await pause(delay, signal);
  }
}

async function connect<Event extends StreamEvent>(
  options: FollowOptions<Event>,
  start: boolean,
  after: number,
  parked: boolean,
  signal: AbortSignal,
): Promise<Response> {
  // The same id and body again follow the same turn, so a start whose response was lost is simply repeated.
  const response =
    start && options.start !== undefined
      ? await options.start(signal)
      : await options.api.followTurn(options.turnId, after, signal);
  if (response.status === 204 && parked) {
    return response;
  }
  if (response.status === 204) {
    throw new ApiError(strings.answerGone, {
      code: "NOT_FOUND",
      status: 204,
      retryable: false,
      translated: true,
    });
  }
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
    throw new ProtocolError("The configured API address does not point to a FuncChat server.");
  }
  return response;
}

/** The body's bytes. A connection that stays silent is aborted: it may have failed without a reset. */
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

/** Ids only go up; they skip some where another instance continued the turn (docs/decisions/0001-write-through-turn-log.md). */
function checkedLast(events: readonly StreamEvent[], last: number): number {
  for (const { id } of events) {
    if (id <= last) {
      throw new ProtocolError(`Event ${id} came after event ${last}.`);
    }
    last = id;
  }
  return last;
}

/** True for a failure that may be temporary. */
function passes(error: unknown, last: number): boolean {
  if (error instanceof ApiError) {
    // A server that refuses to start a turn gives a reason for the user to read. A server that refuses to resume one, or
    // whose gateway answers, may only be busy or starting.
    return error.status === 0 || error.fromGateway || (last > 0 && error.retryable);
  }
  return !(error instanceof ProtocolError);
}
