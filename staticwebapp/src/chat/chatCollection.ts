import { instructionsOf, newerOf, shortened, withInstructions } from "../folders/folderInstructions";
import type { NewChat } from "../storage/chatStorage";
import type { Chat, ChatOptions, FolderInstructions } from "./chat";
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
  /** The instructions that folders had when their last chat left: a deleted chat that is put back may know older ones. */
  readonly #emptied = new Map<string, FolderInstructions>();

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
    await this.#options.store.save({ ...chat, title: title.trim().toWellFormed() || chat.title, renamed: true });
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
    const current = instructionsOf(chats.values(), folder);
    const isUninstructed = current === undefined || current.text === "";
    const changedAt = this.#nextChange(folder, current);
    const applied =
      folder !== undefined && isUninstructed && instructions !== ""
        ? { folder, text: instructions, changedAt }
        : current;
    const moved = chatIds.flatMap((id) => {
      const before = chats.get(id);
      if (before === undefined || before.folder === folder) {
        return [];
      }
      const { folder: _, ...chat } = before;
      return [withInstructions(folder === undefined ? chat : { ...chat, folder }, applied)];
    });
    const left = moved.flatMap(({ id }) => chats.get(id) ?? []);
    await this.#options.store.saveAll([...moved, ...this.#updatedWithout(left)]);
  }

  /** Changes what the chats of a folder tell the model. */
  async instruct(folder: string, text: string): Promise<void> {
    const chats = [...this.#options.state.getState().chats.values()].filter((chat) => chat.folder === folder);
    const changedAt = this.#nextChange(folder, instructionsOf(chats, folder));
    const folderInstructions = { folder, text: shortened(text.trim()), changedAt };
    await this.#options.store.saveAll(chats.map((chat) => ({ ...chat, folderInstructions })));
  }

  /** Deletes the chat and returns what was deleted, so that it can be put back. */
  async remove(chatId: string): Promise<{ chat: Chat; nodes: readonly ChatNode[] }> {
    const chat = this.#chat(chatId);
    await this.#options.store.load(chatId);
    await this.#options.stopAll(chatId);
    const nodes = [...this.#options.store.nodes(chatId).values()];
    await this.keepInstructions([chat]);
    await this.#options.store.removeAll([chatId]);
    return { chat, nodes };
  }

  /**
   * Deletes all chats for good.
   * @returns Whether storage has deleted them.
   */
  async removeAll(): Promise<boolean> {
    await this.#options.store.loadRunning();
    const ids = [...this.#options.state.getState().chats.keys()];
    await Promise.all(ids.map((id) => this.#options.stopAll(id)));
    return await this.#options.store.removeAll(ids);
  }

  /**
   * Adds the chats of a file, all or none. Where a folder has chats already, the instructions of the file do not replace its own.
   * @returns Whether they are stored.
   */
  async addAll(added: readonly NewChat[]): Promise<boolean> {
    const chats = [...this.#options.state.getState().chats.values()];
    const folders = new Set(chats.map(({ folder }) => folder));
    return await this.#options.store.add(
      added.map(({ chat, nodes }) => ({
        chat: folders.has(chat.folder) ? withInstructions(chat, instructionsOf(chats, chat.folder)) : chat,
        nodes,
      })),
    );
  }

  /** Adds a chat, or puts back a deleted one. */
  async add(chat: Chat, nodes: readonly ChatNode[]): Promise<void> {
    const { chats } = this.#options.state.getState();
    const newest = instructionsOf([...chats.values(), chat], chat.folder);
    await this.#options.store.save(
      withInstructions(chat, newerOf(newest, this.#emptied.get(chat.folder ?? ""))),
      nodes,
    );
  }

  /** Keeps the instructions of the folders that these chats leave. */
  async keepInstructions(leaving: readonly Chat[]): Promise<void> {
    const updated = this.#updatedWithout(leaving);
    if (updated.length > 0) {
      await this.#options.store.saveAll(updated);
    }
  }

  /** The chats that remain in the folders that these leave, where only these have the folder's newest instructions. */
  #updatedWithout(leaving: readonly Chat[]): readonly Chat[] {
    const chats = [...this.#options.state.getState().chats.values()];
    const ids = new Set(leaving.map(({ id }) => id));
    return [...new Set(leaving.map(({ folder }) => folder))].flatMap((folder) => {
      const newest = instructionsOf(chats, folder);
      const remaining = chats.filter((chat) => chat.folder === folder && !ids.has(chat.id));
      if (folder !== undefined && newest !== undefined && remaining.length === 0) {
        this.#emptied.set(folder, newest);
      }
      return newest === undefined || instructionsOf(remaining, folder)?.changedAt === newest.changedAt
        ? []
        : remaining.map((chat) => withInstructions(chat, newest));
    });
  }

  /** A time after the last change, also where the clock of the device that made it is ahead. */
  #nextChange(folder: string | undefined, current: FolderInstructions | undefined): number {
    const last = newerOf(current, this.#emptied.get(folder ?? ""));
    return Math.max(this.#options.now(), (last?.changedAt ?? 0) + 1);
  }

  #chat(chatId: string): Chat {
    return knownChat(this.#options.state, chatId);
  }
}
