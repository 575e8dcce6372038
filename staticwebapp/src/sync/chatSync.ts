import { ApiError } from "../api/problem";
import type { ThreadApi, ThreadItem } from "../api/threads";
import type { AssistantNode, ChatNodes } from "../chat/tree";
import type { ChatStorage } from "../storage/chatStorage";
import type { SyncStorage } from "../storage/syncStorage";
import { isDamaged } from "./isDamaged";
import { placeOf } from "./threadNodes";
import { ThreadPull } from "./threadPull";
import { ThreadPush } from "./threadPush";

export interface ChatSyncOptions {
  readonly api: ThreadApi;
  readonly storage: ChatStorage;
  readonly synced: SyncStorage;
  /** Called when the sync has changed a chat in storage, and removed these of its nodes. */
  readonly onChanged: (chatId: string, removed: readonly string[]) => Promise<void>;
  /** Called after each run with the chats that the server has no room for, and what is full. */
  readonly onFull?: (full: ReadonlyMap<string, Full>) => void;
}

/** What has no room for more: the user's account, or the copy of the chat alone. */
export type Full = "account" | "chat";

/**
 * Keeps this browser's chats and the user's threads the same. What both had when they were last compared is stored, so that a change, an
 * addition and a deletion of either side can be told apart, and none is lost.
 */
export class ChatSync {
  readonly #options: ChatSyncOptions;
  readonly #pull: ThreadPull;
  readonly #push: ThreadPush;
  readonly #changed = new Set<string>();
  /** The chats that the server has no room for: they are sent again once its threads have changed. */
  readonly #full = new Map<string, Full>();
  /** The threads that the server listed, until this browser has what they contain. */
  #listed: readonly ThreadItem[] | undefined;
  /** Resolves when the last run has ended. */
  #last: Promise<void> = Promise.resolve();
  #hasCompared = false;
  #isUnsupported = false;

  constructor(options: ChatSyncOptions) {
    this.#options = options;
    const touch = (chatId: string) => this.touch(chatId);
    this.#pull = new ThreadPull({ ...options, touch });
    this.#push = new ThreadPush({ ...options, touch });
  }

  /** This browser changed a chat. */
  touch(chatId: string): void {
    this.#changed.add(chatId);
  }

  /** Compares both sides, and copies what one of them lacks. A run waits for the one before. */
  run(): Promise<void> {
    const run = this.#last.then(() => this.#run());
    this.#last = run.catch(() => {});
    return run;
  }

  async #run(): Promise<void> {
    const listed = await this.#list();
    if (this.#isUnsupported) {
      return;
    }
    if (listed !== undefined) {
      this.#listed = listed;
      for (const chatId of this.#full.keys()) {
        this.touch(chatId);
      }
      this.#full.clear();
    }
    if (this.#listed !== undefined) {
      await this.#pull.pull(this.#listed);
      this.#listed = undefined;
    }
    if (!this.#hasCompared) {
      for (const { id } of await this.#options.storage.chats()) {
        this.touch(id);
      }
      for (const { chatId } of await this.#options.synced.all()) {
        this.touch(chatId);
      }
      this.#hasCompared = true;
    }
    for (const chatId of [...this.#changed]) {
      this.#changed.delete(chatId);
      try {
        await this.#push.push(chatId);
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) {
          this.touch(chatId); // the next run compares the chat first
          continue;
        }
        const full = fullOf(error);
        if (full !== undefined) {
          this.#full.set(chatId, full);
          continue;
        }
        // A refusal of this chat alone is decided again when the server's side has changed.
        if (!(isDamaged(error) || (error instanceof ApiError && [400, 404, 409, 413].includes(error.status)))) {
          this.touch(chatId);
          throw error;
        }
      }
    }
    this.#options.onFull?.(new Map(this.#full));
  }

  async #list(): Promise<readonly ThreadItem[] | undefined> {
    try {
      return await this.#options.api.list();
    } catch (error) {
      // A server of an earlier version.
      this.#isUnsupported = error instanceof ApiError && error.status === 404;
      if (!this.#isUnsupported) {
        throw error;
      }
      return undefined;
    }
  }

  /** Adds what the server lacks before this answer. False if the server can't have it. */
  async prepare(answer: AssistantNode, nodes: ChatNodes): Promise<boolean> {
    const chat = await this.#options.storage.chat(answer.chatId);
    if (chat === undefined || this.#isUnsupported) {
      return false;
    }
    try {
      const { parent } = placeOf(nodes, answer);
      const synced = (await this.#options.synced.get(chat.id)) ?? (await this.#push.create(chat));
      return parent === undefined || (await this.#push.add(synced, parent, nodes)).turnIds.includes(parent.id);
    } catch {
      return false; // the turn is sent without its thread
    }
  }
}

/** Which limit of the server the chat has reached, which waiting does not change; undefined for other errors. */
function fullOf(error: unknown): Full | undefined {
  if (!(error instanceof ApiError) || error.status !== 429 || error.retryable) {
    return undefined;
  }
  return error.limit === "thread_turns" ? "chat" : "account";
}
