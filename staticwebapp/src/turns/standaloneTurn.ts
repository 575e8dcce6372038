import { createStore, type StoreApi } from "zustand/vanilla";
import { type Backoff, within } from "../api/backoff";
import type { ChatApi } from "../api/client";
import type { EventKind, StreamEvent } from "../api/events";
import { type Connection, followTurn } from "../api/followTurn";
import { ApiError } from "../api/problem";
import { StartedTurn } from "../api/startedTurn";
import { failureOf, statusOf, stoppedByUser, type TurnFailure, toFailure } from "../chat/failure";

/** A turn that is not part of a chat: a search, or a plan. */
export interface StandaloneTurnState<Request, View> {
  readonly status: "idle" | "running" | "complete" | "failed" | "stopped";
  /** The request; absent before the first one. */
  readonly request?: Request;
  /** The fold of the events so far. */
  readonly view: View;
  readonly failure?: TurnFailure;
  readonly connection?: Connection | undefined;
}

/** How long another turn waits until the one before has stopped on the server, which a network that hangs may not report. */
const stopMs = 1_000;

export interface StandaloneTurnOptions<Request, Event extends StreamEvent, View> {
  readonly api: Pick<ChatApi, "followTurn" | "stopTurn">;
  readonly events: EventKind<Event>;
  readonly start: (request: Request, signal: AbortSignal) => Promise<Response>;
  readonly empty: View;
  readonly reduce: (view: View, event: Event) => View;
  /** Where the request is stored while this tab lives, so that a reload resumes its turn; under this name. */
  readonly tabStorage: Pick<Storage, "getItem" | "setItem">;
  readonly name: string;
  /** Called with a turn that has ended and has results. */
  readonly onEnded?: (request: Request, view: View) => void;
  readonly backoff?: Backoff;
}

/** One turn at a time, of which a page shows all results so far. It continues while another page is shown. */
export class StandaloneTurn<Request extends { readonly turn_id: string }, Event extends StreamEvent, View> {
  readonly state: StoreApi<StandaloneTurnState<Request, View>>;
  readonly #options: StandaloneTurnOptions<Request, Event, View>;
  #abort = new AbortController();
  /** The turn that is shown. */
  #start: StartedTurn | undefined;

  constructor(options: StandaloneTurnOptions<Request, Event, View>) {
    this.#options = options;
    this.state = createStore<StandaloneTurnState<Request, View>>(() => ({ status: "idle", view: options.empty }));
  }

  /** Starts another turn in place of the one before. Resolves when it has ended, or was replaced. */
  async start(request: Request): Promise<void> {
    await this.#leave(this.state.getState().status === "running");
    const { tabStorage, name } = this.#options;
    try {
      tabStorage.setItem(name, JSON.stringify(request));
    } catch {
      // Without storage, only a reload loses the turn.
    }
    await this.#follow(request);
  }

  /** Resumes a running turn, or shows an ended one, after the tab was reloaded. */
  async restore(): Promise<void> {
    const request = this.#stored();
    if (request !== undefined && this.state.getState().status === "idle") {
      await this.#follow(request);
    }
  }

  /** Shows an earlier turn that has ended. */
  async show(request: Request, view: View): Promise<void> {
    await this.#leave(this.state.getState().status === "running");
    this.state.setState({ status: "complete", request, view }, true);
  }

  /** Stops the turn on the server and here; its results so far stay. */
  async stop(): Promise<void> {
    this.state.setState({ status: "stopped", failure: stoppedByUser });
    await this.#leave(true);
  }

  async #follow(request: Request): Promise<void> {
    const { api, events, start, empty, reduce, backoff } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    const sending = new StartedTurn(api, request.turn_id);
    this.#start = sending;
    this.state.setState({ status: "running", request, view: empty }, true);
    try {
      const batches = followTurn({
        api,
        events,
        turnId: request.turn_id,
        start: (signal) => sending.sent(start(request, signal)),
        after: 0,
        signal: abort.signal,
        onConnection: (connection) => this.#start === sending && this.state.setState({ connection }),
        ...(backoff === undefined ? {} : { backoff }),
      });
      for await (const batch of batches) {
        if (this.#start === sending) {
          this.#take(request, batch, batch.reduce(reduce, this.state.getState().view));
        }
      }
    } catch (error) {
      if (this.#start === sending) {
        this.state.setState({ status: "failed", failure: toFailure(error) });
      }
    }
  }

  #take(request: Request, batch: readonly Event[], view: View): void {
    const last: StreamEvent | undefined = batch.at(-1);
    if (last?.type === "error") {
      const failure = failureOf(last.data);
      this.state.setState({ view, status: statusOf(failure), failure });
    } else {
      this.state.setState({ view, status: last?.type === "complete" ? "complete" : "running" });
    }
    if (last?.type === "complete") {
      this.#options.onEnded?.(request, view);
    }
  }

  /** Stops following, and stops the turn on the server if it may still be running. */
  async #leave(running: boolean): Promise<void> {
    const start = this.#start;
    const abort = this.#abort;
    this.#start = undefined; // its events are no longer shown
    if (start === undefined || !running) {
      abort.abort();
      return;
    }
    // A turn that has just ended, or that can't be stopped, does not matter: it is no longer shown.
    const stopped = start
      .stop(() => abort.abort())
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) {
          throw error;
        }
      });
    await within(stopMs, stopped);
  }

  #stored(): Request | undefined {
    try {
      const request = JSON.parse(this.#options.tabStorage.getItem(this.#options.name) ?? "null") as Request | null;
      return typeof request?.turn_id === "string" ? request : undefined;
    } catch {
      return undefined;
    }
  }
}
