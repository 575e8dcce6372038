import { afterEach, expect, it, vi } from "vitest";
import { closable } from "../../test/closableDatabase";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said, saveChat } from "../../test/exchangeFixture";
import { ChatStorage } from "../storage/chatStorage";
import { mostTurns, TurnHistory } from "../storage/turnHistory";
import { newChat } from "./chat";
import type { Conversations } from "./conversations";
import type { UserNode } from "./tree";

const nodes = [
  said("question-1", null, 1),
  answered("answer-01", "question-1", 2),
  said("question-2", "answer-01", 3),
  answered("answer-02", "question-2", 4),
  said("question-3", "answer-02", 5),
  answered("answer-03", "question-3", 6),
];
const first = nodes[0] as UserNode;
const second = nodes[2] as UserNode;

afterEach(() => vi.restoreAllMocks());

/** A page with a chat of three questions, and a second chat. */
async function openChat() {
  const browser = await openBrowser();
  const storage = new ChatStorage(browser);
  await saveChat(storage, { ...newChat(chatId, "question-1", 0), leafId: "answer-03" }, nodes);
  await saveChat(storage, newChat("chat-0002", "Another", 0));
  const { database, closeAfterWrite } = closable(browser);
  const page = openPage("http://127.0.0.1:1/", database);
  await page.conversations.start();
  await page.conversations.open(chatId);
  return { ...page, storage, closeAfterWrite };
}

type Change = (conversations: Conversations) => Promise<unknown>;

it.each<[string, Change]>([
  ["the deletion of a question", ({ deletions }) => deletions.deleteExchange(first)],
  ["the deletion of a question in the middle", ({ deletions }) => deletions.deleteExchange(second)],
  ["the deletion of what follows a question", ({ deletions }) => deletions.deleteFrom(second)],
  ["the deletion of a chat", ({ chats }) => chats.remove(chatId)],
  ["the move of two chats", ({ chats }) => chats.move([chatId, "chat-0002"], "Science")],
  ["a fork", (page) => page.fork(second)],
  ["the deletion of all chats", ({ chats }) => chats.removeAll()],
  [
    "the import of two chats",
    ({ chats }) =>
      chats.addAll([
        { chat: newChat("chat-0003", "Tides", 0), nodes: [{ ...first, id: "imported-1", chatId: "chat-0003" }] },
        { chat: newChat("chat-0004", "Tulips", 0), nodes: [{ ...first, id: "imported-2", chatId: "chat-0004" }] },
      ]),
  ],
])("Storage has all of %s when the page closes after its first write", async (_, change) => {
  const page = await openChat();
  page.closeAfterWrite();

  await change(page.conversations);

  expect(page.troubles).toEqual([]);
  await expectStored(page);
});

it.each<[string, (page: Conversations) => Promise<{ undo: () => Promise<void> }>]>([
  ["a question", ({ deletions }) => deletions.deleteExchange(first)],
  ["what follows a question", ({ deletions }) => deletions.deleteFrom(second)],
])("Storage has all that is put back of %s when the page closes after its first write", async (_, remove) => {
  const page = await openChat();
  const { undo } = await remove(page.conversations);
  page.closeAfterWrite();

  await undo();

  expect(page.troubles).toEqual([]);
  await expectStored(page);
  expect((await page.storage.nodes(chatId)).map(({ id }) => id).sort()).toEqual(nodes.map(({ id }) => id).sort());
});

it("Storage has the newest turns and no more when the page closes after the first write", async () => {
  const { database, closeAfterWrite } = closable(await openBrowser());
  const history = new TurnHistory(database);
  for (let index = 0; index < mostTurns; index++) {
    await history.add({ id: `search-${index}`, kind: "search", endedAt: index, request: {}, view: {} });
  }

  closeAfterWrite();
  await history.add({ id: "newest", kind: "search", endedAt: 1_000, request: {}, view: {} });
  expect(await history.list("search")).toHaveLength(mostTurns);

  closeAfterWrite();
  await history.clear("search");
  expect(await history.list("search")).toEqual([]);
});

it.each<[string, (storage: ChatStorage) => Promise<unknown>]>([
  ["save", (storage) => saveChat(storage, newChat(chatId, "Hello", 0), [first])],
  [
    "saveAll",
    (storage) => {
      const [before, chat] = [newChat(chatId, "Hello", 0), newChat(chatId, "Tides", 0)];
      return storage.saveAll([{ before, chat, added: [first], removed: [] }]);
    },
  ],
  ["saveTurn", (storage) => storage.saveTurn(answered("answer-01", "question-1", 2))],
  ["change", (storage) => storage.change(chatId, (chat) => chat && { chat, added: [], removed: ["answer-03"] })],
  ["remove", (storage) => storage.remove(chatId)],
  ["removeAll", (storage) => storage.removeAll([chatId])],
])("ChatStorage commits %s without waiting for the results of its writes", async (_, write) => {
  const { storage } = await openChat();
  const commit = vi.spyOn(IDBTransaction.prototype, "commit");

  await write(storage);

  expect(commit).toHaveBeenCalledOnce();
});

/** Expects that storage has what the page shows. */
async function expectStored({ state, storage, nodes: shown }: Awaited<ReturnType<typeof openChat>>) {
  const { chats } = state.getState();
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect((await storage.chats()).sort(byId)).toEqual([...chats.values()].sort(byId));
  expect((await storage.allNodes()).sort(byId)).toEqual(shown().sort(byId));
}
