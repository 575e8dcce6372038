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

  /** Adds and removes what is attached in a chat; what another tab has attached stays. */
  async change(chatId: string, added: readonly Attachment[], removed: readonly Attachment[]): Promise<void> {
    const transaction = this.#database.transaction("attached", "readwrite");
    const { store } = transaction;
    const changed = new Set([...added, ...removed].map(({ id }) => id));
    const stored = (await store.get(chatId))?.attachments ?? [];
    const attachments = [...stored.filter(({ id }) => !changed.has(id)), ...added];
    await commit(transaction, [attachments.length === 0 ? store.delete(chatId) : store.put({ chatId, attachments })]);
  }

  /** Removes what is attached in a chat. */
  async remove(chatId: string): Promise<void> {
    await this.#database.delete("attached", chatId);
  }
}
