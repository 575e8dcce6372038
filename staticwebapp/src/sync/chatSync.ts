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
  /** Called after each run with the chats that are not copied to the server, or not all of them, and why. */
  readonly onNotCopied?: (chats: ReadonlyMap<string, NotCopied>) => void;
}

/** Why a chat is not copied: the user's account is full, or the copy of the chat alone, or the server refuses what the chat contains. */
export type NotCopied = "account" | "chat" | "refused";

/**
 * Keeps this browser's chats and the user's threads the same. What both had when they were last compared is stored, so that a change, an
 * addition and a deletion of either side can be told apart, and none is lost.
 */
export class ChatSync {
  readonly #options: ChatSyncOptions;
  readonly #pull: ThreadPull;
  readonly #push: ThreadPush;
  readonly #changed = new Set<string>();
  /** The chats that the server does not accept: they are sent again once its threads have changed. */
  readonly #notCopied = new Map<string, NotCopied>();
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
      for (const chatId of this.#notCopied.keys()) {
        this.touch(chatId);
      }
      this.#notCopied.clear();
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
      this.#notCopied.delete(chatId);
      try {
        if (!(await this.#push.push(chatId))) {
          this.#notCopied.set(chatId, "refused");
        }
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) {
          this.touch(chatId); // the next run compares the chat first
          continue;
        }
        const reason = reasonOf(error);
        if (reason !== undefined) {
          this.#notCopied.set(chatId, reason);
          continue;
        }
        // A refusal of this chat alone is decided again when the server's side has changed.
        if (!(isDamaged(error) || (error instanceof ApiError && (error.status === 404 || error.status === 409)))) {
          this.touch(chatId);
          throw error;
        }
      }
    }
    this.#options.onNotCopied?.(new Map(this.#notCopied));
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

/** Why the server does not accept the chat, which waiting does not change; undefined for other errors. */
function reasonOf(error: unknown): NotCopied | undefined {
  if (!(error instanceof ApiError)) {
    return undefined;
  }
  if (error.status === 400 || error.status === 413) {
    return "refused";
  }
  if (error.status !== 429 || error.retryable) {
    return undefined;
  }
  return error.limit === "thread_turns" ? "chat" : "account";
}
