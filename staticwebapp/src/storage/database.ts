import { type DBSchema, type IDBPDatabase, openDB } from "idb";
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

export function openDatabase(name: string): Promise<Database> {
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
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close(); // a newer page in another tab waits to upgrade
    },
  });
}
