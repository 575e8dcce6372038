import type { Chat } from "../chat/chat";
import type { ChatNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { Database } from "./database";

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
    await Promise.all([
      transaction.objectStore("chats").put(chat),
      ...nodes.map((node) => transaction.objectStore("nodes").put(node)),
      ...nodes
        .filter((node) => node.role === "assistant" && isUnfinished(node.turn))
        .map((node) => transaction.objectStore("running").put({ turnId: node.id, chatId: node.chatId })),
      transaction.done,
    ]);
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
