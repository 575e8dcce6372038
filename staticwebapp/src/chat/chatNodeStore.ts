import type { Connection } from "../api/followTurn";
import { strings } from "../i18n/strings";
import type { ChatStorage, ChatUpdate, NewChat, UnsavedChange } from "../storage/chatStorage";
import type { Tabs } from "../storage/tabs";
import { withChanges } from "../storage/withChanges";
import type { Chat } from "./chat";
import { type ChatStateStore, withEntry, withNode } from "./state";
import { type AssistantNode, type ChatNode, type ChatNodes, withNodes } from "./tree";
import { isUnfinished } from "./turn";

export interface ChatNodeStoreOptions {
  readonly storage: ChatStorage;
  readonly state: ChatStateStore;
  readonly tabs: Pick<Tabs, "changed">;
  /** Called with what the user should know and no message shows, such as a full disk. */
  readonly onTrouble: (what: string) => void;
}

interface StoreChange {
  readonly chat: Chat;
  readonly added: readonly ChatNode[];
  readonly removed: readonly string[];
}

interface Unsaved {
  /** The chat as storage has it, apart from what other tabs have changed; undefined for one that is not stored. */
  before: Chat | undefined;
  readonly added: ChatNodes;
  readonly removed: ReadonlySet<string>;
}

const nothing: Readonly<Unsaved> = { before: undefined, added: new Map(), removed: new Set() };

/**
 * Chats and their nodes in the page's state and in storage: the state changes at once, storage follows. Temporary chats are in the state
 * only.
 */
export class ChatNodeStore {
  readonly #options: ChatNodeStoreOptions;
  /** What storage has not confirmed yet: the next change of a chat repeats what it did not accept. */
  readonly #unsaved = new Map<string, Unsaved>();
  /** The chats that storage has not confirmed to have deleted yet. */
  readonly #deleted = new Map<string, Chat>();

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
    const removed = this.#unsaved.get(chatId)?.removed ?? nothing.removed;
    for (const node of stored.filter(({ id }) => !removed.has(id))) {
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
    await this.#saveAll([{ chat, added, removed }]);
  }

  /**
   * Adds chats with their nodes, all or none.
   * @returns Whether they are stored.
   */
  async add(added: readonly NewChat[]): Promise<boolean> {
    return await this.#saveAll(added.map(({ chat, nodes }) => ({ chat, added: nodes, removed: [] })));
  }

  /** Saves changes of chats, all or none: a page that closes meanwhile leaves no half of them changed. */
  async saveAll(chats: readonly Chat[]): Promise<void> {
    await this.#saveAll(chats.map((chat) => ({ chat, added: [], removed: [] })));
  }

  async saveTurn(node: AssistantNode, notifyTabs: boolean): Promise<void> {
    const chat = this.#options.state.getState().chats.get(node.chatId);
    if (chat?.temporary === true) {
      return;
    }
    if (chat !== undefined && this.#unsaved.get(node.chatId)?.added.has(node.id) === true) {
      await this.save(chat, [node]);
      return;
    }
    await this.#write(() => this.#options.storage.saveTurn(node), ...(notifyTabs ? [node.chatId] : []));
  }

  /**
   * Removes chats, all or none.
   * @returns Whether storage has removed them.
   */
  async removeAll(chatIds: readonly string[]): Promise<boolean> {
    const { chats } = this.#options.state.getState();
    const deleted = chatIds.flatMap((id) => chats.get(id) ?? []);
    this.forget(...chatIds);
    for (const chat of deleted) {
      this.#deleted.set(chat.id, chat);
    }
    return await this.#write(
      async () => {
        await this.#options.storage.removeAll(chatIds);
        for (const chat of deleted) {
          if (this.#deleted.get(chat.id) === chat) {
            this.#deleted.delete(chat.id);
          }
        }
      },
      ...chatIds,
    );
  }

  /** Loads the chats in which an answer is being written. */
  async loadRunning(): Promise<void> {
    await Promise.all((await this.#options.storage.runningChats()).map((id) => this.load(id)));
  }

  /** The chat as storage has it, as far as this page knows; undefined where storage has not accepted it yet. */
  stored(chatId: string): Chat | undefined {
    const unsaved = this.#unsaved.get(chatId);
    return unsaved === undefined ? this.#options.state.getState().chats.get(chatId) : unsaved.before;
  }

  /** Whether storage has not accepted a chat of this page yet. */
  isNew(chatId: string): boolean {
    return this.#unsaved.has(chatId) && this.stored(chatId) === undefined;
  }

  /** What storage has not confirmed yet. */
  unsaved(): readonly UnsavedChange[] {
    const { chats } = this.#options.state.getState();
    return [
      ...[...this.#deleted.values()].map((chat) => ({
        ...{ chat, before: chat, added: [], removed: [] },
        isDeleted: true as const,
      })),
      ...[...this.#unsaved].flatMap(([id, unsaved]) => {
        const chat = chats.get(id);
        return chat === undefined ? [] : [this.#updateOf(chat, unsaved)];
      }),
    ];
  }

  /** Shows a chat as another tab, or the sync with the server, has stored it, with the changes of this page that are not stored. */
  reload(stored: Chat): void {
    const unsaved = this.#unsaved.get(stored.id);
    const shown = this.#options.state.getState().chats.get(stored.id);
    const chat =
      unsaved?.before === undefined || shown === undefined ? stored : withChanges(stored, unsaved.before, shown);
    if (unsaved !== undefined) {
      unsaved.before = stored;
    }
    this.#deleted.delete(stored.id);
    this.#options.state.setState(({ chats }) => ({ chats: withEntry(chats, stored.id, chat) }));
  }

  /** Removes nodes from the page that storage no longer has. */
  drop(chatId: string, nodeIds: readonly string[]): void {
    const nodes = this.nodes(chatId);
    if (nodeIds.some((id) => nodes.has(id))) {
      const rest = withNodes(nodes, [], nodeIds);
      this.#options.state.setState((state) => ({ nodes: withEntry(state.nodes, chatId, rest) }));
    }
  }

  /** Unloads the nodes of all other chats that are stored and in which no answer is being written. */
  unloadBut(chatIds: ReadonlySet<string>): void {
    const { nodes, chats, openId } = this.#options.state.getState();
    const kept = [...nodes].filter(
      ([id, ofChat]) =>
        chatIds.has(id) ||
        id === openId ||
        this.#unsaved.has(id) ||
        chats.get(id)?.temporary === true ||
        [...ofChat.values()].some((node) => node.role === "assistant" && isUnfinished(node.turn)),
    );
    if (kept.length < nodes.size) {
      this.#options.state.setState({ nodes: new Map(kept) });
    }
  }

  /** Removes chats from the page, and closes one that is open. */
  forget(...chatIds: readonly string[]): void {
    const gone = new Set(chatIds);
    for (const id of gone) {
      this.#unsaved.delete(id);
    }
    const without = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([id]) => !gone.has(id)));
    this.#options.state.setState(({ chats, nodes, suggestions, openId }) => ({
      chats: without(chats),
      nodes: without(nodes),
      suggestions: without(suggestions),
      openId: openId !== null && gone.has(openId) ? null : openId,
    }));
  }

  async #saveAll(changes: readonly StoreChange[]): Promise<boolean> {
    const kept = changes.filter(({ chat }) => chat.temporary !== true);
    const unsaved = kept.map((change) => [change.chat.id, this.#unsavedWith(change)] as const);
    this.#options.state.setState((state) => {
      const [chats, nodes] = [new Map(state.chats), new Map(state.nodes)];
      for (const { chat, added, removed } of changes) {
        chats.set(chat.id, chat);
        if (added.length + removed.length > 0) {
          nodes.set(chat.id, withNodes(nodes.get(chat.id) ?? new Map(), added, removed));
        }
      }
      return { chats, nodes };
    });
    for (const [id, each] of unsaved) {
      this.#unsaved.set(id, each);
      this.#deleted.delete(id);
    }
    return await this.#write(
      async () => {
        await this.#options.storage.saveAll(
          kept.map(({ chat }, index) => this.#updateOf(chat, unsaved[index]?.[1] ?? nothing)),
        );
        for (const [id, each] of unsaved) {
          if (this.#unsaved.get(id) === each) {
            this.#unsaved.delete(id);
          }
        }
      },
      ...kept.map(({ chat }) => chat.id),
    );
  }

  /** With the nodes as they are now. */
  #updateOf(chat: Chat, { before, added, removed }: Unsaved): ChatUpdate {
    const newest = this.nodes(chat.id);
    return { chat, added: [...added.values()].map((node) => newest.get(node.id) ?? node), removed, before };
  }

  /** What storage lacks of a chat once it has changed. */
  #unsavedWith({ chat: { id }, added, removed }: StoreChange): Unsaved {
    const {
      before,
      added: earlier,
      removed: gone,
    } = this.#unsaved.get(id) ?? {
      ...nothing,
      before: this.#options.state.getState().chats.get(id),
    };
    const again = new Set(added.map((node) => node.id));
    return {
      before,
      added: withNodes(earlier, added, removed),
      removed: new Set([...gone, ...removed].filter((each) => !again.has(each))),
    };
  }

  /** @returns Whether storage has accepted it. */
  async #write(write: () => Promise<unknown>, ...changed: readonly string[]): Promise<boolean> {
    try {
      await write();
    } catch {
      this.#options.onTrouble(this.#options.storage.isReplaced ? strings.newerStorage : strings.notStored);
      return false;
    }
    for (const chatId of changed) {
      this.#options.tabs.changed(chatId);
    }
    return true;
  }
}
