import type { Attachment } from "../attachments/attachment";
import type { AttachedFiles } from "./attachedFiles";
import { commit } from "./commit";
import type { Database } from "./database";

/** The files of messages that are not sent yet, so that a reload does not lose them. */
export class AttachmentStorage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  all(): Promise<AttachedFiles[]> {
    return this.#database.getAll("attached");
  }

  /** Replaces what is attached in a chat. */
  async save(chatId: string, attachments: readonly Attachment[]): Promise<void> {
    const transaction = this.#database.transaction("attached", "readwrite");
    const { store } = transaction;
    await commit(transaction, [attachments.length === 0 ? store.delete(chatId) : store.put({ chatId, attachments })]);
  }
}
