import { ApiError } from "../api/problem";
import type { ThreadApi, ThreadItem } from "../api/threads";
import { hasPlace } from "../chat/movedAnswers";
import { byId, type ChatNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { ChatChange, ChatStorage } from "../storage/chatStorage";
import type { SyncedChat } from "../storage/syncedChat";
import type { SyncStorage } from "../storage/syncStorage";
import { affectedTurns } from "./affectedTurns";
import { isDamaged } from "./isDamaged";
import { folderOf, mergedChat } from "./mergedChat";
import { mergedTurns } from "./mergedTurns";

export interface ThreadPullOptions {
  readonly api: ThreadApi;
  readonly storage: ChatStorage;
  readonly synced: SyncStorage;
  /** Called when a chat in storage has changed, and has lost these of its nodes. */
  readonly onChanged: (chatId: string, removed: readonly string[]) => Promise<void>;
  /** Called for a chat of which this browser may have what the server lacks. */
  readonly touch: (chatId: string) => void;
}

/** Copies what the server has to this browser. */
export class ThreadPull {
  readonly #options: ThreadPullOptions;

  constructor(options: ThreadPullOptions) {
    this.#options = options;
  }

  /** Compares this browser's chats with all threads of the user. */
  async pull(threads: readonly ThreadItem[]): Promise<void> {
    const { storage, synced } = this.#options;
    const ids = new Set(threads.map(({ id }) => id));
    for (const known of await synced.all()) {
      if (!ids.has(known.chatId) && (await this.#isGone(known.chatId))) {
        await this.#forget(known);
      }
    }
    for (const thread of threads) {
      const known = await synced.get(thread.id);
      if (known?.etag === thread.etag) {
        continue;
      }
      const chat = await storage.chat(thread.id);
      if (known !== undefined && chat === undefined) {
        this.#options.touch(thread.id); // deleted here
      } else {
        await this.#tryMerge(thread, known);
      }
    }
  }

  /** One that is damaged keeps no other from being merged. */
  async #tryMerge(thread: ThreadItem, known: SyncedChat | undefined): Promise<void> {
    try {
      await this.#merge(thread, known);
    } catch (error) {
      if (!isDamaged(error)) {
        throw error;
      }
    }
  }

  /** Lists leave out a damaged thread, of which this browser may have the only copy, and one that was created since. */
  async #isGone(chatId: string): Promise<boolean> {
    try {
      await this.#options.api.read(chatId);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        return true;
      }
      if (!isDamaged(error)) {
        throw error;
      }
    }
    return false;
  }

  /** The thread was deleted elsewhere: so is the chat, unless it has changed here. */
  async #forget(known: SyncedChat): Promise<void> {
    const { storage, synced, onChanged } = this.#options;
    const isNew = ({ role, id }: ChatNode) =>
      role === "assistant" && !known.turnIds.includes(id) && !known.refused.includes(id);
    const isDeleted = await storage.remove(known.chatId, (nodes) => !nodes.some(isNew));
    await synced.remove(known.chatId); // last: without it, the chat would be one that the server never had
    if (isDeleted) {
      await onChanged(known.chatId, []);
    } else {
      this.#options.touch(known.chatId);
    }
  }

  async #merge(item: ThreadItem, known: SyncedChat | undefined): Promise<void> {
    const { api, storage, synced, onChanged } = this.#options;
    const thread = await api.read(item.id);
    const serverIds = thread.turns.map(({ turn_id: id }) => id);
    const knownIds = known?.turnIds ?? [];
    const stored = await this.#nodes(item.id);
    const { moved: storedMoves = new Map() } = (await storage.chat(item.id)) ?? {};
    const ignored = affectedTurns(thread.turns, stored, knownIds, storedMoves);
    const wanted = thread.turns
      .filter(({ turn_id: id, status }) => !ignored.deleted.has(id) && lacks(stored.get(id), status))
      .map(({ turn_id: id }) => id);
    const first = serverIds.indexOf(wanted[0] ?? "");
    const turns = wanted.length === 0 ? [] : await api.turns(item.id, serverIds[first - 1]);

    // The user may have changed the chat meanwhile. A chat that has lost nodes also has stored where they moved.
    const contents = turns.filter(({ turn_id: id }) => wanted.includes(id));
    let isDeleted = false;
    let change: ChatChange | undefined;
    let turnIds: readonly string[] = [];
    await storage.change(item.id, (chat, before) => {
      isDeleted = chat === undefined && known !== undefined;
      if (isDeleted) {
        return undefined;
      }
      const nodes = byId(before);
      const merge = { chatId: item.id, turns: thread.turns, contents, nodes, known: knownIds, moved: chat?.moved };
      const { added, removed, moved, places } = mergedTurns(merge);
      for (const node of added) {
        nodes.set(node.id, node);
      }
      const merged = {
        ...mergedChat(item, chat, known, nodes, removed, places),
        ...(moved.size === 0 ? {} : { moved }),
      };
      turnIds = serverIds.filter((id) => nodes.has(id) || knownIds.includes(id) || hasPlace(id, nodes, moved));
      const isChanged =
        added.length + removed.size > 0 ||
        JSON.stringify([...moved]) !== JSON.stringify([...(chat?.moved ?? [])]) ||
        JSON.stringify(merged) !== JSON.stringify(chat);
      change = isChanged ? { chat: merged, added, removed } : undefined;
      return change;
    });
    if (!isDeleted) {
      // Last, and without turns that this browser has not stored: they would count as deleted here.
      await synced.save({
        chatId: item.id,
        ...(turnIds.length === serverIds.length ? { etag: thread.etag } : {}),
        turnIds,
        refused: known?.refused ?? [],
        title: thread.title,
        ...folderOf(thread),
        metadata: JSON.stringify(thread.metadata ?? {}),
      });
    }
    this.#options.touch(item.id); // what only this browser has, or has deleted
    if (change !== undefined) {
      await onChanged(item.id, [...change.removed]);
    }
  }

  async #nodes(chatId: string): Promise<Map<string, ChatNode>> {
    return byId(await this.#options.storage.nodes(chatId));
  }
}

/** Whether the server knows more of a turn than this browser. */
function lacks(node: ChatNode | undefined, status: string): boolean {
  if (node?.role !== "assistant") {
    return true;
  }
  const { failure } = node.turn;
  const isOpen = isUnfinished(node.turn) || failure?.lost === true || failure?.code === "NOT_FOUND";
  return isOpen && status !== "running";
}
