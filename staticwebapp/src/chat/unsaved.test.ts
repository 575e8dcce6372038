import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said, saveChat } from "../../test/exchangeFixture";
import { newChat } from "./chat";
import type { AssistantNode, ChatNode } from "./tree";

const chat = { ...newChat(chatId, "question-1", 0), leafId: "answer-01" };
const nodes: readonly ChatNode[] = [said("question-1", null, 1), answered("answer-01", "question-1", 2)];
const more = said("question-2", "answer-01", 3);

type Page = Awaited<ReturnType<typeof openStored>>;

async function openStored() {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await page.conversations.chats.add(chat, nodes);
  await page.conversations.open(chatId);
  return page;
}

/** Runs an action while the disk is full. */
async function whileFull({ storage, troubles }: Pick<Page, "storage" | "troubles">, action: () => Promise<unknown>) {
  const { saveAll, saveTurn } = storage;
  const refuse = () => Promise.reject(new DOMException("The disk is full.", "QuotaExceededError"));
  Object.assign(storage, { saveAll: refuse, saveTurn: refuse });
  await action();
  Object.assign(storage, { saveAll, saveTurn });
  expect(troubles).toHaveLength(1);
}

const nodeIds = async ({ storage }: Pick<Page, "storage">) => (await storage.nodes(chatId)).map(({ id }) => id).sort();

it("A change that storage did not accept is stored with the next one", async () => {
  const page = await openStored();
  await whileFull(page, () => page.conversations.chats.rename(chatId, "Tides"));

  await page.conversations.chats.pin(chatId, true);

  expect(await page.storage.chat(chatId)).toEqual({ ...chat, title: "Tides", renamed: true, pinned: true });
});

it.each<[string, (page: Page) => Promise<void>, object]>([
  ["pinned", ({ conversations }) => conversations.chats.pin(chatId, true), { pinned: true }],
  ["moved", ({ conversations }) => conversations.chats.move([chatId], "Science"), { folder: "Science" }],
])("A new chat that storage did not accept is stored with its messages when it is %s", async (_, change, changed) => {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await whileFull(page, () => page.conversations.chats.add(chat, nodes));

  await change(page);

  expect(await page.storage.chat(chatId)).toEqual({ ...chat, ...changed });
  expect(await nodeIds(page)).toEqual(["answer-01", "question-1"]);
});

it("Imported chats that storage did not accept are stored when one is changed", async () => {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await whileFull(page, () => page.conversations.chats.addAll([{ chat, nodes }]));

  await page.conversations.chats.rename(chatId, "Tides");

  expect(await page.storage.chat(chatId)).toMatchObject({ title: "Tides" });
  expect(await nodeIds(page)).toEqual(["answer-01", "question-1"]);
});

it("A message that storage did not accept is stored with the next change of the chat", async () => {
  const page = await openStored();
  await whileFull(page, () => page.conversations.chats.add({ ...chat, leafId: more.id }, [more]));

  await page.conversations.chats.pin(chatId, true);

  expect(await page.storage.chat(chatId)).toEqual({ ...chat, leafId: more.id, pinned: true });
  expect(await nodeIds(page)).toEqual(["answer-01", "question-1", "question-2"]);
});

it("A message whose deletion storage did not accept is deleted with the next change of the chat", async () => {
  const page = await openStored();
  await whileFull(page, async () => {
    const answer = page.nodes().find(({ id }) => id === "answer-01") as ChatNode;
    await page.conversations.deletions.deleteFrom(answer);
  });

  await page.conversations.chats.pin(chatId, true);

  expect(await nodeIds(page)).toEqual(["question-1"]);
});

it("A chat that storage did not accept stays in the page when others are opened", async () => {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await whileFull(page, () => page.conversations.chats.add(chat, nodes));

  for (let count = 0; count < 12; count++) {
    const id = `chat-other-${count}`;
    await page.conversations.chats.add(newChat(id, id, 0), [{ ...said(`question-${id}`, null, 1), chatId: id }]);
    await page.conversations.open(id);
  }

  expect(page.nodes().filter((node) => node.chatId === chatId)).toHaveLength(2);
});

it("An answer is stored with its chat when storage accepts its progress and not the message", async () => {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await page.conversations.chats.add(chat, nodes);
  await page.conversations.open(chatId);

  await whileFull(page, () => page.conversations.messages.send("question-2", { tools: [] }));
  await page.failure;
  await page.saved(2);

  const stored = await page.storage.nodes(chatId);
  expect(stored.map(({ role }) => role).sort()).toEqual(["assistant", "assistant", "user", "user"]);
});

it("A change that storage did not accept stays, and is stored with the next one, when another tab has changed the chat", async () => {
  const page = await openStored();
  await whileFull(page, () => page.conversations.chats.rename(chatId, "Tides"));
  await saveChat(page.storage, { ...chat, folder: "Science" });

  await page.conversations.reload(chatId);

  expect(page.state.getState().chats.get(chatId)).toMatchObject({ title: "Tides", folder: "Science" });
  await page.conversations.chats.pin(chatId, true);
  expect(await page.storage.chat(chatId)).toMatchObject({ title: "Tides", folder: "Science", pinned: true });
});

it("A new chat that storage did not accept stays when the sync or another tab reports a change of it", async () => {
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  await whileFull(page, () => page.conversations.chats.add(chat, nodes));

  await page.conversations.reload(chatId);

  expect(page.state.getState().chats.get(chatId)).toEqual(chat);
  expect(page.nodes()).toHaveLength(2);
});

it("A chat that another tab deletes is gone although storage did not accept a change of it", async () => {
  const page = await openStored();
  await whileFull(page, () => page.conversations.chats.rename(chatId, "Tides"));
  await page.storage.remove(chatId);

  await page.conversations.reload(chatId);

  expect(page.state.getState().chats.size).toBe(0);
});

it("A queued message that storage did not accept is sent", async () => {
  const page = await openStored();
  const options = { tools: [] };
  await whileFull(page, () => page.conversations.messages.queue("question-2", options));
  const answer = page.nodes().find(({ role }) => role === "assistant") as AssistantNode;

  await page.conversations.messages.sendQueued(answer);

  expect(page.nodes().map((node) => node.role === "user" && node.text)).toContain("question-2");
  expect(page.state.getState().chats.get(chatId)?.queued).toBeUndefined();
});

it("A message whose deletion storage did not accept does not return when the chat is opened", async () => {
  const page = await openStored();
  await whileFull(page, async () => {
    const answer = page.nodes().find(({ id }) => id === "answer-01") as ChatNode;
    await page.conversations.deletions.deleteFrom(answer);
  });

  await page.conversations.open(chatId);

  expect(page.nodes().map(({ id }) => id)).toEqual(["question-1"]);
});

const queued = { text: "question-2", attachments: [], options: { tools: [] } };
const textsIn = (page: Page) => page.nodes().map((node) => node.role === "user" && node.text);

it("A queued message that another tab has sent is not sent again when storage lacks another change of the chat", async () => {
  const page = await openStored();
  await page.conversations.chats.add({ ...chat, queued }, []);
  await whileFull(page, () => page.conversations.chats.rename(chatId, "Tides"));
  await saveChat(page.storage, chat);
  const answer = page.nodes().find(({ role }) => role === "assistant") as AssistantNode;

  await page.conversations.messages.sendQueued(answer);

  expect(textsIn(page)).not.toContain("question-2");
});

it("A queued message that is sent keeps a title that is written at the same time", async () => {
  const page = await openStored();
  await page.conversations.chats.add({ ...chat, queued }, []);
  const answer = page.nodes().find(({ role }) => role === "assistant") as AssistantNode;
  const { chat: read } = page.storage;
  Object.assign(page.storage, {
    chat: async (id: string) => {
      const stored = await read.call(page.storage, id);
      await page.conversations.chats.rename(id, "Tides");
      return stored;
    },
  });

  await page.conversations.messages.sendQueued(answer);

  expect(textsIn(page)).toContain("question-2");
  expect(page.state.getState().chats.get(chatId)?.title).toBe("Tides");
  expect((await read.call(page.storage, chatId))?.title).toBe("Tides");
});
