import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { textAttachment } from "../attachments/attachment";
import { newChat } from "../chat/chat";
import type { Conversations } from "../chat/conversations";
import { assistantNode, branchTo, byId } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { Database } from "./database";
import { deleteAllChats } from "./deleteChat";
import { hasUnsavedChanges } from "./hasUnsavedChanges";
import { forgetUnsavedChanges, keepUnsavedChanges, storeUnsavedChanges } from "./unsavedChanges";

let close = () => {};

afterEach(() => close());

async function open(database: Database) {
  close();
  const page = openPage("http://127.0.0.1:1/", database);
  await storeUnsavedChanges(page.storage);
  await page.conversations.start();
  close = keepUnsavedChanges(() => page.conversations.unsaved());
  return page;
}

/** A page that closes before the database has written anything of a change. */
async function openClosing(change: (conversations: Conversations) => void) {
  const database = await openBrowser();
  const page = await open(database);
  const moved = new Map([["gone", null]]);
  const chat = { ...newChat("chat", "Chat", 0), options: { model: "p:first" }, moved };
  await page.storage.saveAll([{ before: undefined, chat, added: [], removed: [] }]);
  await page.conversations.reload("chat");
  await page.conversations.open("chat");
  vi.spyOn(page.storage, "saveAll").mockReturnValue(new Promise(() => {}));
  change(page.conversations);
  dispatchEvent(new Event("pagehide"));
  return { database, page };
}

/** A page that closes before the database has written anything of a deletion. */
async function openDeleting(remove: (conversations: Conversations) => Promise<unknown>) {
  const database = await openBrowser();
  const page = await open(database);
  await page.conversations.chats.addAll([{ chat: newChat("chat", "Chat", 0), nodes: [] }]);
  for (const write of ["remove", "removeAll"] as const) {
    vi.spyOn(page.storage, write).mockReturnValue(new Promise<never>(() => {}));
  }
  const gone = new Promise<void>((resolve) => {
    page.state.subscribe(({ chats }) => chats.size === 0 && resolve());
  });
  void remove(page.conversations);
  await gone;
  return { database, page };
}

const removals: readonly [string, (conversations: Conversations) => Promise<unknown>][] = [
  ["a chat", ({ chats }) => chats.remove("chat")],
  ["all chats", ({ chats }) => chats.removeAll()],
];

it.each(removals)("The deletion of %s is not lost when the page closes before it is stored", async (_, remove) => {
  const { database } = await openDeleting(remove);
  dispatchEvent(new Event("pagehide"));

  const { state, storage } = await open(database);

  expect(state.getState().chats.size).toBe(0);
  expect(await storage.chats()).toEqual([]);
  expect(hasUnsavedChanges()).toBe(false);
});

it.each(removals)("A chat that another tab continues after the deletion of %s stays", async (_, remove) => {
  const { database } = await openDeleting(remove);
  dispatchEvent(new Event("pagehide"));
  const other = openPage("http://127.0.0.1:1/", database);
  await other.conversations.start();
  await other.conversations.open("chat");
  await other.conversations.messages.send("Hello", { tools: [] });

  const { storage } = await open(database);

  expect((await storage.nodes("chat")).map(({ role }) => role).sort()).toEqual(["assistant", "user"]);
});

it("A chat that is put back before its deletion is stored stays", async () => {
  const { database, page } = await openDeleting(({ chats }) => chats.remove("chat"));
  await page.conversations.chats.add(newChat("chat", "Chat", 0), []);
  dispatchEvent(new Event("pagehide"));

  const { state } = await open(database);

  expect([...state.getState().chats.keys()]).toEqual(["chat"]);
});

it("What no page has shown since it was left unstored is gone once all chats are deleted", async () => {
  const { database } = await openClosing((conversations) => {
    void conversations.open(null);
    send(conversations);
  });
  const other = openPage("http://127.0.0.1:1/", database);
  await other.conversations.start();
  expect(other.state.getState().chats.size).toBe(1);

  await deleteAllChats(other.conversations);

  expect((await open(database)).state.getState().chats.size).toBe(0);
});

describe("Where there is no room for all that is not stored", () => {
  const room = 20_000;
  const large = textAttachment("large.txt", "x".repeat(room));

  beforeEach(() => {
    const setItem = Storage.prototype.setItem;
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(function (this: Storage, key, value) {
      if (value.length > room) {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      }
      setItem.call(this, key, value);
    });
  });

  it("keeps a message without its files, and does not send it without them", async () => {
    const { database } = await openClosing(
      ({ messages }) => void messages.send("What is this?", { tools: [] }, [large]),
    );

    const { conversations, storage, answers } = await open(database);

    const nodes = await storage.nodes("chat");
    expect(nodes.find(({ role }) => role === "user")).toMatchObject({ text: "What is this?", attachments: [] });
    await conversations.open("chat");
    expect(answers().filter(({ turn }) => isUnfinished(turn))).toEqual([]);
    expect(await storage.runningChats()).toEqual([]);
  });

  it("keeps the newest message of many", async () => {
    const { database } = await openClosing(({ messages }) => {
      for (let number = 0; number < 9; number++) {
        void messages.send(`${number} ${"x".repeat(room / 4)}`, { tools: [] });
      }
    });

    const { state, storage } = await open(database);

    const { leafId = null } = state.getState().chats.get("chat") ?? {};
    const shown = branchTo(byId(await storage.nodes("chat")), leafId);
    expect(shown.map((node) => (node.role === "user" ? node.text.slice(0, 1) : "answer")).slice(-2)).toEqual([
      "8",
      "answer",
    ]);
  });

  it("keeps a question that has room only without its answer", async () => {
    const { database } = await openClosing(
      ({ messages }) => void messages.send("Hello", { tools: [], systemPrompt: "x".repeat(room) }),
    );

    const { state, storage } = await open(database);

    const [question] = await storage.nodes("chat");
    expect(question).toMatchObject({ role: "user", text: "Hello" });
    expect(state.getState().chats.get("chat")?.leafId).toBe(question?.id);
  });

  it("keeps deletions, and the chats that have room", async () => {
    const { database, page } = await openDeleting(({ chats }) => chats.remove("chat"));
    vi.spyOn(page.storage, "saveAll").mockReturnValue(new Promise(() => {}));
    for (const text of ["Small", "x".repeat(room)]) {
      void page.conversations.open(null);
      void page.conversations.messages.send(text, { tools: [] });
    }
    dispatchEvent(new Event("pagehide"));

    const { state } = await open(database);

    expect([...state.getState().chats.values()].map(({ title }) => title)).toEqual(["Small"]);
  });

  it("keeps nothing aside of a page that the browser shows again", async () => {
    await openClosing(({ messages }) => void messages.send("What is this?", { tools: [] }, [large]));
    expect(hasUnsavedChanges()).toBe(true);

    dispatchEvent(new Event("pageshow"));

    expect(hasUnsavedChanges()).toBe(false);
  });
});

const send = ({ messages }: Conversations) => void messages.send("Hello", { tools: [] });

it("A message is not lost when the page closes before it is stored", async () => {
  const { database } = await openClosing(send);

  const { state, storage } = await open(database);

  expect((await storage.nodes("chat")).map(({ role }) => role).sort()).toEqual(["assistant", "user"]);
  const { leafId, moved } = state.getState().chats.get("chat") ?? {};
  expect((await storage.nodes("chat")).find(({ id }) => id === leafId)?.role).toBe("assistant");
  expect(moved).toEqual(new Map([["gone", null]]));
  expect(await storage.runningChats()).toEqual(["chat"]);
  expect(hasUnsavedChanges()).toBe(false);
});

it("A new chat is not lost when the page closes before it is stored", async () => {
  const { database } = await openClosing(async (conversations) => {
    void conversations.open(null);
    send(conversations);
  });

  const { state } = await open(database);

  expect([...state.getState().chats.values()].map(({ title }) => title).sort()).toEqual(["Chat", "Hello"]);
});

it("What another tab has changed since then stays", async () => {
  const { database, page } = await openClosing(({ chats }) => void chats.rename("chat", "Renamed"));
  const other = openPage("http://127.0.0.1:1/", database);
  await other.conversations.start();
  await other.conversations.chats.configure("chat", { model: "p:second" });
  await other.conversations.chats.pin("chat", true);

  const { state } = await open(database);

  expect(page.state.getState().chats.get("chat")?.title).toBe("Renamed");
  expect(state.getState().chats.get("chat")).toMatchObject({
    title: "Renamed",
    pinned: true,
    options: { model: "p:second" },
  });
});

it("What another tab has changed since then stays, also where the page had changed the same", async () => {
  const { database } = await openClosing(send);
  const other = openPage("http://127.0.0.1:1/", database);
  await other.conversations.start();
  const node = assistantNode({ id: "newer", chatId: "chat", parentId: null, createdAt: 0 }, { tools: [] });
  const chat = { ...newChat("chat", "Chat", 0), leafId: node.id, updatedAt: Number.MAX_SAFE_INTEGER };
  await other.conversations.chats.add(chat, [{ ...node, turn: { ...node.turn, status: "complete" } }]);

  const { state, storage } = await open(database);

  expect(await storage.nodes("chat")).toHaveLength(3);
  expect(state.getState().chats.get("chat")).toMatchObject({ leafId: "newer", updatedAt: Number.MAX_SAFE_INTEGER });
});

it("A chat that another tab has deleted since then stays deleted", async () => {
  const { database } = await openClosing(({ chats }) => void chats.rename("chat", "Renamed"));
  const other = openPage("http://127.0.0.1:1/", database);
  await other.conversations.start();
  await other.conversations.chats.remove("chat");

  expect((await open(database)).state.getState().chats.size).toBe(0);
});

it("A chat that is deleted after a page could not store all of it stays deleted", async () => {
  const { database } = await openClosing(send);
  const full = openPage("http://127.0.0.1:1/", database);
  await full.conversations.start();
  const end = forgetUnsavedChanges(full.state);
  await full.conversations.chats.remove("chat");
  end();

  const { state, storage } = await open(database);

  expect(state.getState().chats.size).toBe(0);
  expect(await storage.allNodes()).toEqual([]);
});

it("What a page could not store of a chat stays while another one is deleted", async () => {
  const { database } = await openClosing((conversations) => {
    void conversations.open(null);
    send(conversations);
  });
  const full = openPage("http://127.0.0.1:1/", database);
  await full.conversations.start();
  const end = forgetUnsavedChanges(full.state);
  await full.conversations.chats.remove("chat");
  end();

  const { state } = await open(database);

  expect([...state.getState().chats.values()].map(({ title }) => title)).toEqual(["Hello"]);
});

it("A page that the browser shows again keeps nothing aside", async () => {
  await openClosing(send);
  expect(hasUnsavedChanges()).toBe(true);

  dispatchEvent(new Event("pageshow"));

  expect(hasUnsavedChanges()).toBe(false);
});

it("A page that has stored everything keeps nothing aside", async () => {
  const page = await open(await openBrowser());
  await page.conversations.chats.addAll([{ chat: newChat("chat", "Chat", 0), nodes: [] }]);

  dispatchEvent(new Event("pagehide"));

  expect(hasUnsavedChanges()).toBe(false);
});
