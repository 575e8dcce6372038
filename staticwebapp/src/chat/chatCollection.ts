import { instructionsOf, longestInstructions } from "../folders/folderInstructions";
import type { NewChat } from "../storage/chatStorage";
import type { Chat, ChatOptions } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { type ChatStateStore, knownChat } from "./state";
import type { ChatNode } from "./tree";

export interface ChatCollectionOptions {
  readonly store: ChatNodeStore;
  readonly state: ChatStateStore;
  readonly now: () => number;
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

  /**
   * Moves chats to a folder, or with undefined out of theirs.
   * @param instructions Those of the folder if it has none, such as when it is renamed.
   */
  async move(chatIds: readonly string[], folder: string | undefined, instructions = ""): Promise<void> {
    const { chats } = this.#options.state.getState();
    const set = instructionsOf(chats.values(), folder);
    const begun =
      folder === undefined || instructions === ""
        ? undefined
        : { folder, text: instructions, changedAt: this.#options.now() };
    const known = set === undefined || set.text === "" ? (begun ?? set) : set;
    const moved = chatIds.flatMap((id) => {
      const before = chats.get(id);
      if (before === undefined || before.folder === folder) {
        return [];
      }
      const { folder: _, folderInstructions: __, ...chat } = before;
      return [
        folder === undefined
          ? chat
          : { ...chat, folder, ...(known === undefined ? {} : { folderInstructions: known }) },
      ];
    });
    await this.#options.store.saveAll(moved);
  }

  /** Changes what the chats of a folder tell the model. */
  async instruct(folder: string, text: string): Promise<void> {
    const chats = [...this.#options.state.getState().chats.values()].filter((chat) => chat.folder === folder);
    // The clock of the device that changed them last may be ahead.
    const changedAt = Math.max(this.#options.now(), (instructionsOf(chats, folder)?.changedAt ?? 0) + 1);
    const folderInstructions = { folder, text: text.trim().slice(0, longestInstructions), changedAt };
    await this.#options.store.saveAll(chats.map((chat) => ({ ...chat, folderInstructions })));
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
