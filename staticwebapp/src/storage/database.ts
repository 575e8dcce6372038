import { type DBSchema, type IDBPDatabase, openDB, unwrap } from "idb";
import type { Chat } from "../chat/chat";
import type { ChatNode } from "../chat/tree";
import type { AttachedFiles } from "./attachedFiles";
import type { EndedTurn } from "./endedTurn";
import type { SyncedChat } from "./syncedChat";

interface Schema extends DBSchema {
  chats: { key: string; value: Chat };
  nodes: { key: string; value: ChatNode; indexes: { chat: string } };
  /** Turns whose end this browser has not seen, so that a page that opens can resume them. */
  running: { key: string; value: { readonly turnId: string; readonly chatId: string } };
  /** Searches and plans that have ended. */
  turns: { key: string; value: EndedTurn };
  /** What the server had of each chat when both were last compared. */
  synced: { key: string; value: SyncedChat };
  /** What is attached to messages that are not sent yet. */
  attached: { key: string; value: AttachedFiles };
}

export type Database = IDBPDatabase<Schema>;

/** The databases that newer pages in other tabs have upgraded, which the pages of this version no longer have then. */
const replaced = new WeakSet<IDBDatabase>();

/** Whether a newer page has upgraded the database, so that this page must be loaded again. */
export function isReplaced(database: Database): boolean {
  return replaced.has(unwrap(database));
}

/** @param onReplaced Called when a newer page in another tab upgrades the database. */
export function openDatabase(name: string, onReplaced: () => void = () => {}): Promise<Database> {
  return openDB<Schema>(name, 4, {
    upgrade(database, from) {
      if (from < 1) {
        database.createObjectStore("chats", { keyPath: "id" });
        database.createObjectStore("nodes", { keyPath: "id" }).createIndex("chat", "chatId");
        database.createObjectStore("running", { keyPath: "turnId" });
      }
      if (from < 2) {
        database.createObjectStore("turns", { keyPath: "id" });
      }
      if (from < 3) {
        database.createObjectStore("synced", { keyPath: "chatId" });
      }
      if (from < 4) {
        database.createObjectStore("attached", { keyPath: "chatId" });
      }
    },
    blocking(_current, newer, event) {
      const database = event.target as IDBDatabase;
      database.close(); // the other tab waits
      if (newer !== null) {
        replaced.add(database);
        onReplaced();
      }
    },
  });
}
