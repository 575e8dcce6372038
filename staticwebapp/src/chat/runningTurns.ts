import type { Backoff } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { ApiError } from "../api/problem";
import type { TurnRequest, TurnSignal } from "../api/requests";
import type { ChatNodeStore } from "./chatNodeStore";
import type { Schedule } from "./frames";
import { toMessages } from "./history";
import { type AssistantNode, branchTo } from "./tree";
import { isUnfinished, resumeTurn } from "./turn";
import { TurnFollower } from "./turnFollower";

export interface RunningTurnsOptions {
  readonly api: ChatApi;
  readonly store: ChatNodeStore;
  readonly now: () => number;
  readonly schedule?: Schedule | undefined;
  readonly backoff?: Backoff | undefined;
  /** The characters that a request has room for in attachments. */
  readonly attachmentRoom: () => number;
  /** Called when a turn has ended that this page followed. */
  readonly onEnded: (node: AssistantNode) => void;
  /** Called when a turn that this page follows begins to wait for the user. */
  readonly onWaiting: (node: AssistantNode) => void;
}

/** How often a running turn is saved. The server sends again what a reload misses. */
const saveEveryMs = 1000;

/** An unsent turn older than this is not started when its chat is opened: the user no longer expects it. */
const startsLateMs = 5 * 60_000;

/** The turns that this page follows, each written to its node as it progresses. */
export class RunningTurns {
  readonly #options: RunningTurnsOptions;
  readonly #followers = new Map<string, TurnFollower>();

  constructor(options: RunningTurnsOptions) {
    this.#options = options;
  }

  /**
   * Starts the answer's turn, or resumes following it; does nothing for a turn that has ended or is followed already.
   * Resolves when the turn has ended.
   * @param stored Resolves when the turn may be sent: a page that is closed right after it finds the turn by its id.
   */
  async follow(answer: AssistantNode, stored: Promise<void> = Promise.resolve()): Promise<void> {
    let node = { ...answer, turn: resumeTurn(answer.turn) };
    if (this.#followers.has(node.id) || !isUnfinished(node.turn)) {
      return;
    }
    const { api, store, now, schedule, backoff } = this.#options;
    let saved = now();
    const follower = new TurnFollower({
      api,
      turnId: node.id,
      turn: node.turn,
      request: this.#requestOf(node),
      stored,
      schedule,
      backoff,
      onConnection: (connection, retryAt) => store.connected(node.id, connection, retryAt),
      onTurn: (turn) => {
        const [waits, waited] = [turn.parked === true, node.turn.parked === true];
        // Other tabs follow a turn themselves; they only need to know that it began, that it waits for the user, and that it ended.
        const turningPoint = node.turn.lastEventId === 0 || waits !== waited || !isUnfinished(turn);
        node = { ...node, turn };
        store.show(node);
        if (waits && !waited) {
          this.#options.onWaiting(node);
        }
        if (turningPoint || now() - saved >= saveEveryMs) {
          saved = now();
          void store.saveTurn(node, turningPoint);
        }
      },
    });
    store.show(node);
    this.#followers.set(node.id, follower);
    try {
      await follower.run();
    } finally {
      this.#followers.delete(node.id);
    }
    if (!isUnfinished(node.turn)) {
      this.#options.onEnded(node);
    }
  }

  /**
   * Stops a turn, whether this page follows it or another tab does.
   * @throws ApiError when the server could not be notified; in this page the turn has stopped in any case.
   */
  async stop(turnId: string): Promise<void> {
    try {
      const follower = this.#followers.get(turnId);
      await (follower === undefined ? this.#options.api.stopTurn(turnId) : follower.stop());
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) {
        throw error; // a turn that the server does not have is already stopped
      }
    }
  }

  /**
   * Answers a request of a turn, whether or not this page follows it.
   * @throws ApiError when the answer does not count.
   */
  async answer(turnId: string, signal: TurnSignal): Promise<void> {
    const follower = this.#followers.get(turnId);
    await (follower === undefined ? this.#options.api.signalTurn(turnId, signal) : follower.answer(signal));
  }

  #requestOf({ id, chatId, parentId, createdAt, options, turn }: AssistantNode): TurnRequest | undefined {
    // A turn that another device has started is only followed.
    if (turn.lastEventId > 0 || turn.status === "running" || this.#options.now() - createdAt > startsLateMs) {
      return undefined;
    }
    const { model, tools, approvedTools = [], temperature } = options;
    return {
      turn_id: id,
      messages: toMessages(
        branchTo(this.#options.store.nodes(chatId), parentId),
        options,
        this.#options.attachmentRoom(),
      ),
      ...(model === undefined ? {} : { model }),
      ...(tools.length === 0 ? {} : { tools }),
      ...(approvedTools.length === 0 ? {} : { approved_tools: approvedTools }),
      ...(temperature === undefined ? {} : { temperature }),
    };
  }
}
