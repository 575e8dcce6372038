import { createStore, type StoreApi } from "zustand/vanilla";
import type { Backoff } from "../api/backoff";
import type { ChatApi } from "../api/client";
import type { EventKind, StreamEvent } from "../api/events";
import { type Connection, followTurn } from "../api/followTurn";
import { ApiError } from "../api/problem";
import { StartedTurn } from "../api/startedTurn";
import { stoppedByPerson, type TurnFailure, toFailure } from "../chat/failure";

/** A turn that is not part of a chat: a search, or a plan. */
export interface StandaloneTurnState<Request, View> {
  readonly status: "idle" | "running" | "complete" | "failed" | "stopped";
  /** What was asked for; absent while nothing was. */
  readonly request?: Request;
  /** The fold of the events so far. */
  readonly view: View;
  readonly failure?: TurnFailure;
  readonly connection?: Connection | undefined;
}

export interface StandaloneTurnOptions<Request, Event extends StreamEvent, View> {
  readonly api: Pick<ChatApi, "followTurn" | "stopTurn">;
  readonly events: EventKind<Event>;
  readonly start: (request: Request, signal: AbortSignal) => Promise<Response>;
  readonly empty: View;
  readonly reduce: (view: View, event: Event) => View;
  /** Where the request stands while this tab lives, so that a reload follows its turn again; under this name. */
  readonly kept: Pick<Storage, "getItem" | "setItem">;
  readonly name: string;
  readonly backoff?: Backoff;
}

/** One turn at a time, of which a page shows all that has come. It goes on while another page is shown. */
export class StandaloneTurn<Request extends { readonly turn_id: string }, Event extends StreamEvent, View> {
  readonly state: StoreApi<StandaloneTurnState<Request, View>>;
  readonly #options: StandaloneTurnOptions<Request, Event, View>;
  #abort = new AbortController();
  /** Of the turn that is shown as it comes. */
  #start: StartedTurn | undefined;

  constructor(options: StandaloneTurnOptions<Request, Event, View>) {
    this.#options = options;
    this.state = createStore<StandaloneTurnState<Request, View>>(() => ({ status: "idle", view: options.empty }));
  }

  /** Starts another turn in place of the one before. Resolves when it has ended, or was replaced. */
  async start(request: Request): Promise<void> {
    await this.#leave(this.state.getState().status === "running");
    const { kept, name } = this.#options;
    try {
      kept.setItem(name, JSON.stringify(request));
    } catch {
      // A browser that keeps nothing still shows the turn; only a reload loses it.
    }
    await this.#follow(request);
  }

  /** Follows again what was under way, or shows again what had ended, when the tab was reloaded. */
  async restore(): Promise<void> {
    const request = this.#kept();
    if (request !== undefined && this.state.getState().status === "idle") {
      await this.#follow(request);
    }
  }

  /** Stops the turn, on the server and here; what has come stays. */
  async stop(): Promise<void> {
    this.state.setState({ status: "stopped", failure: stoppedByPerson });
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
          this.#take(batch, batch.reduce(reduce, this.state.getState().view));
        }
      }
    } catch (error) {
      if (this.#start === sending) {
        this.state.setState({ status: "failed", failure: toFailure(error) });
      }
    }
  }

  #take(batch: readonly Event[], view: View): void {
    const last: StreamEvent | undefined = batch.at(-1);
    if (last?.type === "error") {
      const { error: message, code, retryable } = last.data;
      this.state.setState({
        view,
        status: code === "CANCELLED" ? "stopped" : "failed",
        failure: { message, code, retryable },
      });
    } else {
      this.state.setState({ view, status: last?.type === "complete" ? "complete" : "running" });
    }
  }

  /** Stops following, and tells the server where its turn may still run. */
  async #leave(running: boolean): Promise<void> {
    const start = this.#start;
    const abort = this.#abort;
    this.#start = undefined; // nothing more of it is shown
    if (start === undefined || !running) {
      abort.abort();
      return;
    }
    // A turn that has just ended, or that the server can't be told to stop, is no trouble: nobody reads it any more.
    await start
      .stop(() => abort.abort())
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) {
          throw error;
        }
      });
  }

  #kept(): Request | undefined {
    try {
      const request = JSON.parse(this.#options.kept.getItem(this.#options.name) ?? "null") as Request | null;
      return typeof request?.turn_id === "string" ? request : undefined;
    } catch {
      return undefined;
    }
  }
}
