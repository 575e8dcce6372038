import { afterEach, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { newChat } from "../chat/chat";
import type { Conversations } from "../chat/conversations";
import { assistantNode } from "../chat/tree";
import type { Database } from "./database";
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
