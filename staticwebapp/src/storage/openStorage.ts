import { strings } from "../i18n/strings";
import { toast } from "../toast";
import { type Database, openDatabase } from "./database";

/** Whether the chats of this browser are those of a newer page, which this one can't read. */
export function isNewerStorage(error: unknown): boolean {
  return error instanceof DOMException && error.name === "VersionError";
}

/**
 * The database of this browser. Where the browser provides none, as in some private windows, it is one in the page's memory, and a note says so.
 * @param isOnServer Whether the server has the chats, too.
 * @throws Error when the database is that of a newer page.
 */
export async function openStorage(name: string, isOnServer: boolean): Promise<Database> {
  try {
    return await openDatabase(name, () =>
      toast.warning(() => strings.newerStorage, { id: strings.newerStorage, duration: Number.POSITIVE_INFINITY }),
    );
  } catch (error) {
    if (isNewerStorage(error)) {
      throw error;
    }
    (await import("./memoryDatabase")).provideMemoryDatabase();
    const database = await openDatabase(name);
    toast.warning(() => (isOnServer ? strings.nothingKeptHere : strings.nothingKept), {
      duration: Number.POSITIVE_INFINITY,
    });
    return database;
  }
}
