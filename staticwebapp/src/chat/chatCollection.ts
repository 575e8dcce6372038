import type { NewChat } from "../storage/chatStorage";
import type { Chat, ChatOptions } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { type ChatStateStore, knownChat } from "./state";
import type { ChatNode } from "./tree";

export interface ChatCollectionOptions {
  readonly store: ChatNodeStore;
  readonly state: ChatStateStore;
  /** Stops all answers that are being written in a chat. */
  readonly stopAll: (chatId: string) => Promise<void>;
}

/** The chats as a whole: their names, their order, and what applies to each of them. */
export class ChatCollection {
  readonly #options: ChatCollectionOptions;

  constructor(options: ChatCollectionOptions) {
    this.#options = options;
  }

  /** Changes what applies to one chat, or with null to the one that is about to begin. */
  async configure(chatId: string | null, changes: ChatOptions): Promise<void> {
    if (chatId === null) {
      this.#options.state.setState(({ newChatOptions }) => ({ newChatOptions: { ...newChatOptions, ...changes } }));
      return;
    }
    const chat = this.#chat(chatId);
    await this.#options.store.save({ ...chat, options: { ...chat.options, ...changes } });
  }

  async rename(chatId: string, title: string): Promise<void> {
    const chat = this.#chat(chatId);
    await this.#options.store.save({ ...chat, title: title.trim() || chat.title, renamed: true });
  }

  async pin(chatId: string, pinned: boolean): Promise<void> {
    await this.#options.store.save({ ...this.#chat(chatId), pinned });
  }

  /** Moves chats to a folder, or with undefined out of theirs. */
  async move(chatIds: readonly string[], folder: string | undefined): Promise<void> {
    const { chats } = this.#options.state.getState();
    const moved = chatIds.flatMap((id) => {
      const known = chats.get(id);
      if (known === undefined || known.folder === folder) {
        return [];
      }
      const { folder: _, ...chat } = known;
      return [folder === undefined ? chat : { ...chat, folder }];
    });
    await this.#options.store.saveAll(moved);
  }

  /** Deletes the chat and returns what was deleted, so that it can be put back. */
  async remove(chatId: string): Promise<{ chat: Chat; nodes: readonly ChatNode[] }> {
    const chat = this.#chat(chatId);
    await this.#options.store.load(chatId);
    await this.#options.stopAll(chatId);
    const nodes = [...this.#options.store.nodes(chatId).values()];
    await this.#options.store.remove(chatId);
    return { chat, nodes };
  }

  /** Deletes all chats for good. */
  async removeAll(): Promise<void> {
    await this.#options.store.loadRunning();
    const ids = [...this.#options.state.getState().chats.keys()];
    await Promise.all(ids.map((id) => this.#options.stopAll(id)));
    await this.#options.store.removeAll(ids);
  }

  /** Adds the chats of a file, all or none. */
  async addAll(chats: readonly NewChat[]): Promise<void> {
    await this.#options.store.add(chats);
  }

  /** Adds a chat, or puts back a deleted one. */
  async add(chat: Chat, nodes: readonly ChatNode[]): Promise<void> {
    await this.#options.store.save(chat, nodes);
  }

  #chat(chatId: string): Chat {
    return knownChat(this.#options.state, chatId);
  }
}
