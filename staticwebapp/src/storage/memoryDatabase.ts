import {
  IDBCursor,
  IDBDatabase,
  IDBFactory,
  IDBIndex,
  IDBKeyRange,
  IDBObjectStore,
  IDBRequest,
  IDBTransaction,
} from "fake-indexeddb";

/** Gives the page a database in its memory, in place of one that the browser refuses. It ends with the page. */
export function provideMemoryDatabase(): void {
  const indexedDB = new IDBFactory();
  const provided = {
    indexedDB,
    IDBCursor,
    IDBDatabase,
    IDBIndex,
    IDBKeyRange,
    IDBObjectStore,
    IDBRequest,
    IDBTransaction,
  };
  for (const [name, value] of Object.entries(provided)) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value });
  }
}
