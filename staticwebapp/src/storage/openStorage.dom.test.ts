import { openDB } from "idb";
import { expect, it, vi } from "vitest";
import { openPage } from "../../test/conversationFixture";
import { newChat } from "../chat/chat";
import { loadLanguage, strings } from "../i18n/strings";
import { toast } from "../toast";
import { ChatStorage } from "./chatStorage";
import { openStorage } from "./openStorage";

it.each([
  ["are gone", false, () => strings.nothingKept],
  ["are on the server", true, () => strings.nothingKeptHere],
])(
  "A browser without a database keeps chats for the visit, and a note in the language of the page says that they %s afterwards",
  async (_, isOnServer, text) => {
    const said = vi.spyOn(toast, "warning").mockReturnValue();
    vi.stubGlobal("indexedDB", undefined);
    const chat = newChat("c", "Tides", 0);

    const storage = new ChatStorage(await openStorage("test-memory", isOnServer));
    await storage.saveAll([{ chat, added: [], removed: [], before: undefined }]);

    expect(await storage.chat("c")).toEqual(chat);
    const notes = () => said.mock.calls.map(([note]) => (typeof note === "function" ? note() : note));
    expect(notes()).toEqual([text()]);
    await loadLanguage("de");
    expect(notes()).toEqual([text()]);
  },
);

it("A page says at once, and when it stores a message, that a newer page has upgraded the database, and to reload", async () => {
  const said = vi.spyOn(toast, "warning").mockReturnValue();
  const database = await openStorage("test-replaced", false);
  const page = openPage("http://127.0.0.1:1/", database);

  (await openDB("test-replaced", database.version + 1)).close();

  const [note, options] = said.mock.lastCall ?? [];
  expect(typeof note === "function" && note()).toBe(strings.newerStorage);
  expect(strings.newerStorage).toContain("Reload the page");
  await page.conversations.chats.add(newChat("c", "Tides", 0), []);
  expect(page.troubles).toEqual([options?.id]); // which replaces the note
});

it("The database that a newer page has changed is not replaced by an empty one", async () => {
  const open = () => {
    throw new DOMException("The requested version (4) is less than the existing version (5).", "VersionError");
  };
  vi.stubGlobal("indexedDB", { open });

  await expect(openStorage("test-newer", false)).rejects.toThrow("existing version");
});
