import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Chat } from "../chat/chat";
import type { ChatNode } from "../chat/tree";

interface Schema extends DBSchema {
  chats: { key: string; value: Chat };
  nodes: { key: string; value: ChatNode; indexes: { chat: string } };
  /** Turns whose end this browser has not seen, so that a page that opens can follow them again. */
  running: { key: string; value: { readonly turnId: string; readonly chatId: string } };
}

export type Database = IDBPDatabase<Schema>;

export function openDatabase(name: string): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade(database) {
      database.createObjectStore("chats", { keyPath: "id" });
      database.createObjectStore("nodes", { keyPath: "id" }).createIndex("chat", "chatId");
      database.createObjectStore("running", { keyPath: "turnId" });
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close(); // a newer page in another tab wants to upgrade
    },
  });
}
