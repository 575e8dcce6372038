import type { Database } from "./database";
import type { SyncedChat } from "./syncedChat";

/** What the server has of this browser's chats. */
export class SyncStorage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Promise<SyncedChat[]> {
    return this.#database.getAll("synced");
  }

  get(chatId: string): Promise<SyncedChat | undefined> {
    return this.#database.get("synced", chatId);
  }

  async save(synced: SyncedChat): Promise<void> {
    await this.#database.put("synced", synced);
  }

  async remove(chatId: string): Promise<void> {
    await this.#database.delete("synced", chatId);
  }
}
