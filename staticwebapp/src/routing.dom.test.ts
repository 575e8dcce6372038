import { toast as sonner } from "sonner";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openBrowser, openPage } from "../test/conversationFixture";
import { newChat } from "./chat/chat";
import { strings } from "./i18n/strings";
import { connectRouting } from "./routing";
import { deleteAllChats, deleteChat } from "./storage/deleteChat";
import { showToastsThrough } from "./toast";

let end = () => {};

let endToasts = () => {};

beforeEach(() => {
  endToasts = showToastsThrough(sonner);
});

afterEach(() => {
  end();
  endToasts();
});

/** A page that shows its second chat, after the first one. */
async function open() {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await page.conversations.start();
  await page.conversations.chats.addAll(["one", "two"].map((id) => ({ chat: newChat(id, id, 0), nodes: [] })));
  end = connectRouting(page.state, page.conversations);
  await page.conversations.open("one");
  await page.conversations.open("two");
  return page;
}

async function back(): Promise<void> {
  const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
  history.back();
  await changed;
}

/** What the page has said of a chat that it does not have. */
const notFound = () => sonner.getHistory().filter((each) => "title" in each && each.title === strings.chatNotFound);

it.each<[string, (page: Awaited<ReturnType<typeof open>>) => Promise<unknown>]>([
  ["all chats were", ({ conversations }) => deleteAllChats(conversations)],
  ["the chat was", ({ conversations }) => deleteChat(conversations, "two")],
])("Back leads to a new chat, without a note, when %s deleted", async (_, remove) => {
  const page = await open();
  const before = notFound().length;
  await remove(page);
  expect(location.hash).toBe("#/");

  await back();

  expect(location.hash).toBe("#/");
  expect(page.state.getState()).toMatchObject({ openId: null, view: "chat" });
  expect(notFound()).toHaveLength(before);
});

it("The address of a chat that is not in this browser leads to a new chat, with a note", async () => {
  const page = await open();
  const before = notFound().length;
  const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));

  location.hash = "#/chat/unknown";
  await changed;

  expect(page.state.getState().openId).toBeNull();
  expect(notFound()).toHaveLength(before + 1);
});

/** A page that opens at the address of a chat which it may get from the server. */
async function openAt(hash: string) {
  history.replaceState(null, "", hash);
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await page.conversations.start();
  let finish = () => {};
  const firstSync = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const before = notFound().length;
  end = connectRouting(page.state, page.conversations, firstSync);
  const sync = async (...ids: string[]) => {
    await page.conversations.chats.addAll(ids.map((id) => ({ chat: newChat(id, id, 0), nodes: [] })));
    finish();
    await firstSync;
  };
  return { ...page, sync, notes: () => notFound().length - before };
}

it("The address of a chat that the first sync brings leads to it", async () => {
  const { state, sync, notes } = await openAt("#/chat/elsewhere");
  expect(location.hash).toBe("#/chat/elsewhere");

  await sync("other", "elsewhere");

  expect(state.getState().openId).toBe("elsewhere");
  expect(location.hash).toBe("#/chat/elsewhere");
  expect(notes()).toBe(0);
});

it("The address of a chat that the first sync does not bring leads to a new chat, with a note", async () => {
  const { state, sync, notes } = await openAt("#/chat/elsewhere");
  expect(notes()).toBe(0);

  await sync("other");

  expect(state.getState().openId).toBeNull();
  expect(location.hash).toBe("#/");
  expect(notes()).toBe(1);
});

it("A chat that the user opens before the first sync has ended stays open", async () => {
  const { state, conversations, sync, notes } = await openAt("#/chat/elsewhere");
  await conversations.chats.addAll([{ chat: newChat("here", "here", 0), nodes: [] }]);
  await conversations.open("here");

  await sync("elsewhere");

  expect(state.getState().openId).toBe("here");
  expect(location.hash).toBe("#/chat/here");
  expect(notes()).toBe(0);
});
