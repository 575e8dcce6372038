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

  /**
   * Makes files those of a tab, unless another one shows them.
   * @param isOpen Whether a tab is open.
   * @returns All files of the tab.
   */
  async claim(tabId: string, isOpen: (tabId: string) => boolean): Promise<readonly AttachedFiles[]> {
    const transaction = this.#database.transaction("attached", "readwrite");
    const stored = await transaction.store.getAll();
    const claimed: AttachedFiles[] = [];
    const own: AttachedFiles[] = [];
    for (const { chatId, attachments, tabs = {} } of stored) {
      const free = attachments.filter(({ id }) => tabs[id] === undefined || !isOpen(tabs[id]));
      const ids = new Set(free.map(({ id }) => id));
      const files = attachments.filter(({ id }) => ids.has(id) || tabs[id] === tabId);
      if (files.length > 0) {
        own.push({ chatId, attachments: files });
      }
      if (free.some(({ id }) => tabs[id] !== tabId)) {
        claimed.push({
          chatId,
          attachments,
          tabs: { ...tabs, ...Object.fromEntries(free.map(({ id }) => [id, tabId])) },
        });
      }
    }
    await commit(
      transaction,
      claimed.map((files) => transaction.store.put(files)),
    );
    return own;
  }

  /** Adds and removes what a tab has attached in a chat; what another tab has attached stays. */
  async change(
    tabId: string,
    chatId: string,
    added: readonly Attachment[],
    removed: readonly Attachment[],
  ): Promise<void> {
    const transaction = this.#database.transaction("attached", "readwrite");
    const { store } = transaction;
    const changed = new Set([...added, ...removed].map(({ id }) => id));
    const stored = await store.get(chatId);
    const kept = (stored?.attachments ?? []).filter(({ id }) => !changed.has(id));
    const attachments = [...kept, ...added];
    const own = new Set(added.map(({ id }) => id));
    const tabs = Object.fromEntries(
      attachments.flatMap(({ id }) => {
        const tab = own.has(id) ? tabId : stored?.tabs?.[id];
        return tab === undefined ? [] : [[id, tab]];
      }),
    );
    await commit(transaction, [
      attachments.length === 0 ? store.delete(chatId) : store.put({ chatId, attachments, tabs }),
    ]);
  }

  /** Removes what is attached in a chat. */
  async remove(chatId: string): Promise<void> {
    await this.#database.delete("attached", chatId);
  }
}
