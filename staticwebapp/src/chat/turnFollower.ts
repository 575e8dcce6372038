import type { Backoff } from "../api/backoff";
import type { ChatApi, TurnRequest } from "../api/client";
import { type TurnEvent, turnEvents } from "../api/events";
import { type Connection, followTurn } from "../api/followTurn";
import { StartedTurn } from "../api/startedTurn";
import { stoppedByUser, toFailure } from "./failure";
import { type Schedule, withNextFrame } from "./frames";
import { failTurn, isUnfinished, reduceTurnAll, type TurnState } from "./turn";

export interface TurnFollowerOptions {
  readonly api: ChatApi;
  readonly turnId: string;
  readonly turn: TurnState;
  readonly request: TurnRequest | undefined;
  /** Resolves when the request may be sent. */
  readonly stored: Promise<void>;
  readonly onTurn: (turn: TurnState) => void;
  readonly onConnection: (connection: Connection | undefined, retryAt?: number) => void;
  readonly schedule?: Schedule | undefined;
  readonly backoff?: Backoff | undefined;
}

/** Follows one chat turn to its end and folds its events into its state, one batch per frame. */
export class TurnFollower {
  readonly #options: TurnFollowerOptions;
  readonly #abort = new AbortController();
  readonly #start: StartedTurn;
  #turn: TurnState;
  #waiting: TurnEvent[] = [];

  constructor(options: TurnFollowerOptions) {
    this.#options = options;
    this.#turn = options.turn;
    this.#start = new StartedTurn(options.api, options.turnId);
  }

  /** Resolves when the turn has ended, or `stop` was called. Never throws: failures are part of the state. */
  async run(): Promise<void> {
    const { api, turnId, request, stored, backoff } = this.#options;
    const onConnection = (connection: Connection, retryAt?: number) => this.#connected(connection, retryAt);
    try {
      const after = this.#turn.lastEventId;
      const signal = this.#abort.signal;
      const start =
        request === undefined
          ? undefined
          : (until: AbortSignal) => this.#start.sent(stored.then(() => api.startTurn(request, until)));
      const options = { api, events: turnEvents, turnId, start, after, signal, onConnection };
      for await (const events of followTurn(backoff === undefined ? options : { ...options, backoff })) {
        this.#take(events);
      }
    } catch (error) {
      this.#flush();
      this.#set(failTurn(this.#turn, toFailure(error)));
    } finally {
      this.#flush();
      this.#options.onConnection(undefined);
    }
  }

  /** Stops the turn here at once, then on the server. */
  async stop(): Promise<void> {
    this.#flush();
    this.#set(failTurn(this.#turn, stoppedByUser));
    this.#options.onConnection(undefined);
    await this.#start.stop(() => this.#abort.abort());
  }

  #connected(connection: Connection, retryAt: number | undefined): void {
    if (isUnfinished(this.#turn)) {
      this.#options.onConnection(connection, retryAt);
    }
  }

  #take(events: readonly TurnEvent[]): void {
    if (this.#waiting.length === 0) {
      (this.#options.schedule ?? withNextFrame)(() => this.#flush());
    }
    this.#waiting.push(...events);
  }

  #flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#set(reduceTurnAll(this.#turn, events));
  }

  #set(turn: TurnState): void {
    if (turn !== this.#turn && isUnfinished(this.#turn)) {
      this.#turn = turn;
      this.#options.onTurn(turn);
    }
  }
}
