import type { ChatApi } from "./client";
import { endMs } from "./followTurn";

/** The start of a turn that may be stopped at any time, also before the server has responded. */
export class StartedTurn {
  readonly #api: Pick<ChatApi, "stopTurn">;
  readonly #turnId: string;
  #answer: Promise<unknown> | undefined;

  constructor(api: Pick<ChatApi, "stopTurn">, turnId: string) {
    this.#api = api;
    this.#turnId = turnId;
  }

  /** Remembers the request that starts the turn, and returns its response. */
  sent(answer: Promise<Response>): Promise<Response> {
    const pending = answer
      .catch(() => {})
      .finally(() => {
        this.#answer = this.#answer === pending ? undefined : this.#answer;
      });
    this.#answer = pending;
    return answer;
  }

  /**
   * Stops the turn on the server. A stop may overtake the start and find no turn: it is sent at once, since the page may
   * be about to close, and once more after the response to the start.
   * @param leave Ends the requests that follow the turn, in case the server does not end them.
   * @throws ApiError when the server could not be notified.
   */
  async stop(leave: () => void): Promise<void> {
    if (this.#answer !== undefined) {
      await Promise.allSettled([this.#api.stopTurn(this.#turnId), this.#answer]);
    }
    try {
      await this.#api.stopTurn(this.#turnId);
    } catch (error) {
      leave();
      throw error;
    }
    setTimeout(leave, endMs);
  }
}
