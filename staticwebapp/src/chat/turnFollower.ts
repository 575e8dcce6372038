import { type Backoff, pause } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { type TurnEvent, turnEvents } from "../api/events";
import { type Connection, followTurn } from "../api/followTurn";
import type { TurnRequest, TurnSignal } from "../api/requests";
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

/** How often a turn that waits for the user is looked up: the answer may be given on another device. */
const lookUpMs = 30_000;

/** The same after an answer of this page, until the turn has received it. */
const lookUpAnsweredMs = 1_000;

/** Follows one chat turn to its end and folds its events into its state, one batch per frame. */
export class TurnFollower {
  readonly #options: TurnFollowerOptions;
  readonly #abort = new AbortController();
  readonly #start: StartedTurn;
  #turn: TurnState;
  #waiting: TurnEvent[] = [];
  #wake = new AbortController();
  #lastAnswered: string | undefined;

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
      const signal = this.#abort.signal;
      const start =
        request === undefined
          ? undefined
          : (until: AbortSignal) => this.#start.sent(stored.then(() => api.startTurn(request, until)));
      const options = { api, events: turnEvents, turnId, start, signal, onConnection, ...(backoff && { backoff }) };
      do {
        const { lastEventId: after, parked = false } = this.#turn;
        for await (const events of followTurn({ ...options, after, parked })) {
          this.#take(events);
        }
        this.#flush();
      } while (await this.#isAnswered());
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

  /** Sends the user's answer to a request of the turn, which then continues. */
  async answer(signal: TurnSignal): Promise<void> {
    try {
      const response = await this.#options.api.signalTurn(this.#options.turnId, signal);
      response.text().catch(() => {}); // read to its end, so that the server does not count it as broken off
    } finally {
      this.#lastAnswered = signal.request_id;
      this.#wake.abort(); // also after a refusal: another device may have answered
    }
  }

  /** Waits while the turn waits for the user. False if there is nothing more to follow. */
  async #isAnswered(): Promise<boolean> {
    const { parked = false, requests = [] } = this.#turn;
    if (!parked || !isUnfinished(this.#turn) || this.#abort.signal.aborted) {
      return false;
    }
    this.#options.onConnection(undefined);
    const answered = requests.some(({ id }) => id === this.#lastAnswered);
    await pause(answered ? lookUpAnsweredMs : lookUpMs, AbortSignal.any([this.#abort.signal, this.#wake.signal]));
    this.#wake = new AbortController();
    return !this.#abort.signal.aborted;
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
