import type { Connection } from "../api/followTurn";
import { strings } from "../i18n/strings";
import type { ChatStorage, NewChat } from "../storage/chatStorage";
import type { Tabs } from "../storage/tabs";
import type { Chat } from "./chat";
import { type ChatStateStore, withEntry, withNode } from "./state";
import type { AssistantNode, ChatNode, ChatNodes } from "./tree";
import { isUnfinished } from "./turn";

export interface ChatNodeStoreOptions {
  readonly storage: ChatStorage;
  readonly state: ChatStateStore;
  readonly tabs: Pick<Tabs, "changed">;
  /** Called with what the user should know and no message shows, such as a full disk. */
  readonly onTrouble: (what: string) => void;
}

/**
 * Chats and their nodes in the page's state and in storage: the state changes at once, storage follows. Temporary chats are in the state
 * only.
 */
export class ChatNodeStore {
  readonly #options: ChatNodeStoreOptions;
  /** What storage has of chats whose last change it did not accept. */
  readonly #unsaved = new Map<string, Chat>();

  constructor(options: ChatNodeStoreOptions) {
    this.#options = options;
  }

  nodes(chatId: string): ChatNodes {
    return this.#options.state.getState().nodes.get(chatId) ?? new Map();
  }

  answers(chatId: string): AssistantNode[] {
    return [...this.nodes(chatId).values()].filter((node) => node.role === "assistant");
  }

  show(node: ChatNode): void {
    this.#options.state.setState((state) => ({ nodes: withNode(state, node) }));
  }

  connected(turnId: string, connection: Connection | undefined, retryAt: number | undefined): void {
    this.#options.state.setState(({ connections, retries }) => ({
      connections: connections.get(turnId) === connection ? connections : withEntry(connections, turnId, connection),
      retries: retries.get(turnId) === retryAt ? retries : withEntry(retries, turnId, retryAt),
    }));
  }

  /** Reads the chat's nodes from storage, except where the page knows more of a turn than was saved. */
  async load(chatId: string): Promise<void> {
    const stored = await this.#options.storage.nodes(chatId);
    const merged = new Map(this.nodes(chatId));
    for (const node of stored) {
      const shown = merged.get(node.id);
      if (
        !(shown?.role === "assistant" && node.role === "assistant" && shown.turn.lastEventId > node.turn.lastEventId)
      ) {
        merged.set(node.id, node);
      }
    }
    this.#options.state.setState(({ nodes }) => ({ nodes: withEntry(nodes, chatId, merged) }));
  }

  /** Saves a chat with some of its nodes, and deletes others, all or nothing. */
  async save(chat: Chat, added: readonly ChatNode[] = [], removed: readonly string[] = []): Promise<void> {
    const before = this.#stored(chat.id);
    this.#options.state.setState(({ chats, nodes }) => ({
      chats: withEntry(chats, chat.id, chat),
      ...(added.length + removed.length === 0
        ? {}
        : { nodes: withEntry(nodes, chat.id, changed(this.nodes(chat.id), added, removed)) }),
    }));
    if (chat.temporary !== true) {
      await this.#writeChanges(
        () => this.#options.storage.save(chat, added, removed, before),
        before === undefined ? [] : [before],
        [chat.id],
      );
    }
  }

  /** Adds chats with their nodes, all or none. */
  async add(added: readonly NewChat[]): Promise<void> {
    this.#options.state.setState(({ chats, nodes }) => ({
      chats: new Map([...chats, ...added.map(({ chat }) => [chat.id, chat] as const)]),
      nodes: new Map([...nodes, ...added.map((each) => [each.chat.id, changed(new Map(), each.nodes, [])] as const)]),
    }));
    await this.#write(() => this.#options.storage.add(added), ...added.map(({ chat }) => chat.id));
  }

  /** Saves changes of chats, all or none: a page that closes meanwhile leaves no half of them changed. */
  async saveAll(chats: readonly Chat[]): Promise<void> {
    const changes = chats.flatMap((after) => {
      const before = this.#stored(after.id);
      return before === undefined || after.temporary === true ? [] : [{ before, after }];
    });
    this.#options.state.setState((state) => ({
      chats: new Map([...state.chats, ...chats.map((chat) => [chat.id, chat] as const)]),
    }));
    await this.#writeChanges(
      () => this.#options.storage.saveAll(changes),
      changes.map(({ before }) => before),
      changes.map(({ after }) => after.id),
    );
  }

  async saveTurn(node: AssistantNode, notifyTabs: boolean): Promise<void> {
    if (this.#options.state.getState().chats.get(node.chatId)?.temporary === true) {
      return;
    }
    await this.#write(() => this.#options.storage.saveTurn(node), ...(notifyTabs ? [node.chatId] : []));
  }

  async remove(chatId: string): Promise<void> {
    this.forget(chatId);
    await this.#write(() => this.#options.storage.remove(chatId), chatId);
  }

  /** Removes chats, all or none. */
  async removeAll(chatIds: readonly string[]): Promise<void> {
    for (const id of chatIds) {
      this.forget(id);
    }
    await this.#write(() => this.#options.storage.removeAll(chatIds), ...chatIds);
  }

  /** Loads the chats in which an answer is being written. */
  async loadRunning(): Promise<void> {
    await Promise.all((await this.#options.storage.runningChats()).map((id) => this.load(id)));
  }

  /** Removes nodes from the page that storage no longer has. */
  drop(chatId: string, nodeIds: readonly string[]): void {
    const nodes = this.nodes(chatId);
    if (nodeIds.some((id) => nodes.has(id))) {
      const rest = changed(nodes, [], nodeIds);
      this.#options.state.setState((state) => ({ nodes: withEntry(state.nodes, chatId, rest) }));
    }
  }

  /** Unloads the nodes of all other chats that are stored and not being written. */
  unloadBut(chatIds: ReadonlySet<string>): void {
    const { nodes, chats, openId } = this.#options.state.getState();
    const kept = [...nodes].filter(
      ([id, ofChat]) =>
        chatIds.has(id) ||
        id === openId ||
        chats.get(id)?.temporary === true ||
        [...ofChat.values()].some((node) => node.role === "assistant" && isUnfinished(node.turn)),
    );
    if (kept.length < nodes.size) {
      this.#options.state.setState({ nodes: new Map(kept) });
    }
  }

  /** Removes the chat from the page, and closes it if it is open. */
  forget(chatId: string): void {
    this.#unsaved.delete(chatId);
    this.#options.state.setState(({ chats, nodes, openId }) => ({
      chats: withEntry(chats, chatId, undefined),
      nodes: withEntry(nodes, chatId, undefined),
      openId: openId === chatId ? null : openId,
    }));
  }

  /** The chat as storage has it, apart from what other tabs have changed. */
  #stored(chatId: string): Chat | undefined {
    return this.#unsaved.get(chatId) ?? this.#options.state.getState().chats.get(chatId);
  }

  /** @param before The chats before the change, so that the next change repeats one that is not stored. */
  async #writeChanges(write: () => Promise<void>, before: readonly Chat[], changed: readonly string[]): Promise<void> {
    await this.#write(
      async () => {
        try {
          await write();
        } catch (error) {
          for (const chat of before) {
            this.#unsaved.set(chat.id, chat);
          }
          throw error;
        }
        for (const id of changed) {
          this.#unsaved.delete(id);
        }
      },
      ...changed,
    );
  }

  async #write(write: () => Promise<unknown>, ...changed: readonly string[]): Promise<void> {
    try {
      await write();
    } catch {
      this.#options.onTrouble(strings.notStored);
      return;
    }
    for (const chatId of changed) {
      this.#options.tabs.changed(chatId);
    }
  }
}

function changed(nodes: ChatNodes, added: readonly ChatNode[], removed: readonly string[]): ChatNodes {
  const all = new Map([...nodes, ...added.map((node) => [node.id, node] as const)]);
  for (const id of removed) {
    all.delete(id);
  }
  return all;
}
