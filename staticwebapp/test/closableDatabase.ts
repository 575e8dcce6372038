import type { Database } from "../src/storage/database";

/** The database as a page uses it that closes. */
export function closable(database: Database) {
  let remaining = Number.POSITIVE_INFINITY;
  return {
    database: new Proxy(database, {
      get(target, name) {
        if (name !== "transaction") {
          return Reflect.get(target, name, target);
        }
        return (stores: "chats", mode: IDBTransactionMode = "readonly") => {
          if (mode === "readwrite" && --remaining < 0) {
            throw new DOMException("The page is closed.", "InvalidStateError");
          }
          return target.transaction(stores, mode);
        };
      },
    }),
    /** From now on, the page writes once. */
    closeAfterWrite: () => {
      remaining = 1;
    },
    reopen: () => {
      remaining = Number.POSITIVE_INFINITY;
    },
  };
}
