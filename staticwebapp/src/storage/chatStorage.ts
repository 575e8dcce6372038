import type { Chat } from "../chat/chat";
import type { ChatNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { Database } from "./database";

/** A chat as it changes, with the nodes that it gains and loses. */
export interface ChatChange {
  readonly chat: Chat;
  readonly added: readonly ChatNode[];
  readonly removed: Iterable<string>;
}

/** The chats of this browser. Where users sign in, the server has them too, and this is the copy that works offline. */
export class ChatStorage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  chats(): Promise<Chat[]> {
    return this.#database.getAll("chats");
  }

  chat(id: string): Promise<Chat | undefined> {
    return this.#database.get("chats", id);
  }

  nodes(chatId: string): Promise<ChatNode[]> {
    return this.#database.getAllFromIndex("nodes", "chat", chatId);
  }

  allNodes(): Promise<ChatNode[]> {
    return this.#database.getAll("nodes");
  }

  async runningChats(): Promise<readonly string[]> {
    return [...new Set((await this.#database.getAll("running")).map((turn) => turn.chatId))];
  }

  /** Saves a chat with some of its nodes, all or nothing. */
  async save(chat: Chat, nodes: readonly ChatNode[] = []): Promise<void> {
    const transaction = this.#database.transaction(["chats", "nodes", "running"], "readwrite");
    await commit(transaction, [
      transaction.objectStore("chats").put(chat),
      ...putAll(nodes, transaction.objectStore("nodes"), transaction.objectStore("running")),
    ]);
  }

  /** Saves chats without their nodes, all or none. */
  async saveAll(chats: readonly Chat[]): Promise<void> {
    const transaction = this.#database.transaction("chats", "readwrite");
    await commit(
      transaction,
      chats.map((chat) => transaction.store.put(chat)),
    );
  }

  /** Saves the progress of a turn, unless another tab has saved more of it, or has deleted it. */
  async saveTurn(node: ChatNode & { role: "assistant" }): Promise<void> {
    const transaction = this.#database.transaction(["nodes", "running"], "readwrite");
    const nodes = transaction.objectStore("nodes");
    const saved = await nodes.get(node.id);
    if (saved?.role === "assistant" && saved.turn.lastEventId <= node.turn.lastEventId) {
      await nodes.put(node);
      if (!isUnfinished(node.turn)) {
        await transaction.objectStore("running").delete(node.id);
      }
    }
    await transaction.done;
  }

  /** Saves the chat and deletes some of its nodes, all or nothing. */
  async removeNodes(chat: Chat, nodeIds: readonly string[]): Promise<void> {
    const transaction = this.#database.transaction(["chats", "nodes", "running"], "readwrite");
    await Promise.all([
      transaction.objectStore("chats").put(chat),
      ...nodeIds.flatMap((id) => [
        transaction.objectStore("nodes").delete(id),
        transaction.objectStore("running").delete(id),
      ]),
      transaction.done,
    ]);
  }

  /**
   * Changes a chat and its nodes, all or nothing, by what is stored at that moment: nothing is saved between the reading and the writing.
   * @param change Returns what changes; undefined for nothing.
   */
  async change(
    chatId: string,
    change: (chat: Chat | undefined, nodes: readonly ChatNode[]) => ChatChange | undefined,
  ): Promise<void> {
    const transaction = this.#database.transaction(["chats", "nodes", "running"], "readwrite");
    const [chats, nodes, running] = [
      transaction.objectStore("chats"),
      transaction.objectStore("nodes"),
      transaction.objectStore("running"),
    ];
    const [chat, known] = await Promise.all([chats.get(chatId), nodes.index("chat").getAll(chatId)]);
    const changed = change(chat, known);
    await Promise.all([
      ...(changed === undefined ? [] : [chats.put(changed.chat), ...putAll(changed.added, nodes, running)]),
      ...[...(changed?.removed ?? [])].flatMap((id) => [nodes.delete(id), running.delete(id)]),
      transaction.done,
    ]);
  }

  async remove(chatId: string): Promise<void> {
    const transaction = this.#database.transaction(["chats", "nodes", "running"], "readwrite");
    const nodeIds = await transaction.objectStore("nodes").index("chat").getAllKeys(chatId);
    await Promise.all([
      transaction.objectStore("chats").delete(chatId),
      ...nodeIds.flatMap((id) => [
        transaction.objectStore("nodes").delete(id),
        transaction.objectStore("running").delete(id),
      ]),
      transaction.done,
    ]);
  }
}

interface Puts<T> {
  put(value: T): Promise<unknown>;
}

// At once, not when the page has heard that each request succeeded: a page that is closed meanwhile has saved them.
async function commit(
  transaction: { commit(): void; readonly done: Promise<void> },
  requests: readonly Promise<unknown>[],
): Promise<void> {
  transaction.commit();
  await Promise.all([...requests, transaction.done]);
}

function putAll(
  added: readonly ChatNode[],
  nodes: Puts<ChatNode>,
  running: Puts<{ readonly turnId: string; readonly chatId: string }>,
): Promise<unknown>[] {
  return added.flatMap((node) => [
    nodes.put(node),
    ...(node.role === "assistant" && isUnfinished(node.turn)
      ? [running.put({ turnId: node.id, chatId: node.chatId })]
      : []),
  ]);
}
