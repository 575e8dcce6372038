import type { Chat } from "../chat/chat";
import type { AssistantNode, ChatNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import { commit } from "./commit";
import { type Database, isReplaced } from "./database";
import { withChanges } from "./withChanges";

/** A chat as it changes, with the nodes that it gains and loses. */
export interface ChatChange {
  readonly chat: Chat;
  readonly added: readonly ChatNode[];
  readonly removed: Iterable<string>;
}

/** A change that keeps what other tabs change at the same time. */
export interface ChatUpdate extends ChatChange {
  /**
   * The chat that was changed: only what differs is saved, and another tab may change the rest at the same time. A chat that it deletes
   * stays deleted, unless nodes are added. Undefined for a chat that is new.
   */
  readonly before: Chat | undefined;
}

/** A change that is not stored yet. */
export interface UnsavedChange extends ChatUpdate {
  /** True when the chat is deleted. */
  readonly isDeleted?: true;
}

/** A chat that is not stored yet, with its nodes. */
export interface NewChat {
  readonly chat: Chat;
  readonly nodes: readonly ChatNode[];
}

/** The chats of this browser. Where users sign in, the server has them too, and this is the copy that works offline. */
export class ChatStorage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a newer page in another tab has the chats now, so that this page must be loaded again. */
  get isReplaced(): boolean {
    return isReplaced(this.#database);
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

  /** Saves changes of chats, all or none. */
  async saveAll(changes: readonly ChatUpdate[]): Promise<void> {
    const transaction = begin(this.#database);
    const chats = transaction.objectStore("chats");
    const stored = await Promise.all(
      changes.map(({ chat, before }) => (before === undefined ? undefined : chats.get(chat.id))),
    );
    await commit(
      transaction,
      changes.flatMap((change, index) => {
        const { chat, added, before } = change;
        const found = stored[index];
        const isDeleted = before !== undefined && found === undefined && added.length === 0;
        const saved = found === undefined || before === undefined ? chat : withChanges(found, before, chat);
        return isDeleted ? [] : writes(transaction, { ...change, chat: saved });
      }),
    );
  }

  /** Saves the progress of a turn, unless another tab has saved more of it, or has deleted it. */
  async saveTurn(node: AssistantNode): Promise<void> {
    const transaction = begin(this.#database);
    const nodes = transaction.objectStore("nodes");
    const saved = await nodes.get(node.id);
    const isNewer = saved?.role === "assistant" && saved.turn.lastEventId <= node.turn.lastEventId;
    await commit(transaction, [
      ...(isNewer ? [nodes.put(node)] : []),
      ...(isNewer && !isUnfinished(node.turn) ? [transaction.objectStore("running").delete(node.id)] : []),
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
    const transaction = begin(this.#database);
    const [chat, nodes] = await stored(transaction, chatId);
    const changed = change(chat, nodes);
    await commit(transaction, changed === undefined ? [] : writes(transaction, changed));
  }

  /**
   * Deletes a chat with its nodes, all or nothing.
   * @param isDeleted Decides by what is stored whether the chat is deleted.
   * @returns Whether it is.
   */
  async remove(
    chatId: string,
    isDeleted: (nodes: readonly ChatNode[], chat: Chat | undefined) => boolean = () => true,
  ): Promise<boolean> {
    const transaction = begin(this.#database);
    const [chat, nodes] = await stored(transaction, chatId);
    const deleted = isDeleted(nodes, chat);
    const ids = nodes.map(({ id }) => id);
    await commit(
      transaction,
      deleted ? [transaction.objectStore("chats").delete(chatId), ...deletes(transaction, ids)] : [],
    );
    return deleted;
  }

  /** Deletes chats with their nodes, all or none. */
  async removeAll(chatIds: readonly string[]): Promise<void> {
    const transaction = begin(this.#database);
    const index = transaction.objectStore("nodes").index("chat");
    const nodeIds = await Promise.all(chatIds.map((id) => index.getAllKeys(id)));
    await commit(transaction, [
      ...chatIds.map((id) => transaction.objectStore("chats").delete(id)),
      ...deletes(transaction, nodeIds.flat()),
    ]);
  }
}

function begin(database: Database) {
  return database.transaction(["chats", "nodes", "running"], "readwrite");
}

type ChatTransaction = ReturnType<typeof begin>;

function stored(transaction: ChatTransaction, chatId: string): Promise<[Chat | undefined, ChatNode[]]> {
  return Promise.all([
    transaction.objectStore("chats").get(chatId),
    transaction.objectStore("nodes").index("chat").getAll(chatId),
  ]);
}

function writes(transaction: ChatTransaction, { chat, added, removed }: ChatChange): readonly Promise<unknown>[] {
  const [nodes, running] = [transaction.objectStore("nodes"), transaction.objectStore("running")];
  return [
    transaction.objectStore("chats").put(chat),
    ...added.flatMap((node) => [
      nodes.put(node),
      ...(node.role === "user"
        ? []
        : isUnfinished(node.turn)
          ? [running.put({ turnId: node.id, chatId: node.chatId })]
          : [running.delete(node.id)]),
    ]),
    ...deletes(transaction, removed),
  ];
}

function deletes(transaction: ChatTransaction, nodeIds: Iterable<string>): readonly Promise<unknown>[] {
  const [nodes, running] = [transaction.objectStore("nodes"), transaction.objectStore("running")];
  return [...nodeIds].flatMap((id) => [nodes.delete(id), running.delete(id)]);
}
