import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said, saveChat } from "../../test/exchangeFixture";
import { ChatStorage } from "../storage/chatStorage";
import { type Chat, newChat } from "./chat";
import type { Conversations } from "./conversations";

const chat = { ...newChat(chatId, "question-1", 0), leafId: "answer-01" };
const more = said("question-2", "answer-01", 3);

/** Two tabs that show the same chat. Neither is notified of what the other one saves. */
async function openTabs(before: Chat = chat) {
  const database = await openBrowser();
  const storage = new ChatStorage(database);
  await saveChat(storage, before, [said("question-1", null, 1), answered("answer-01", "question-1", 2)]);
  const open = async () => {
    const page = openPage("http://127.0.0.1:1/", database);
    await page.conversations.start();
    await page.conversations.open(chatId);
    return page;
  };
  return { database, storage, one: await open(), two: await open() };
}

type Change = (conversations: Conversations) => Promise<unknown>;
const rename: Change = ({ chats }) => chats.rename(chatId, "Tides");
const pin: Change = ({ chats }) => chats.pin(chatId, true);
const move: Change = ({ chats }) => chats.move([chatId], "Science");
const chooseModel: Change = ({ chats }) => chats.configure(chatId, { model: "m" });
const approveTool: Change = ({ chats }) => chats.configure(chatId, { approvedTools: ["search"] });
const add: Change = ({ chats }) => chats.add({ ...chat, leafId: more.id, updatedAt: 3 }, [more]);
const remove: Change = ({ chats }) => chats.remove(chatId);

const [renamed, pinned, moved, continued] = [
  { title: "Tides", renamed: true },
  { pinned: true },
  { folder: "Science" },
  { leafId: more.id, updatedAt: 3 },
];

it.each<[string, string, Change, Change, object]>([
  ["renames", "pins", rename, pin, { ...renamed, ...pinned }],
  ["pins", "renames", pin, rename, { ...renamed, ...pinned }],
  ["renames", "moves", rename, move, { ...renamed, ...moved }],
  ["moves", "pins", move, pin, { ...moved, ...pinned }],
  ["continues", "renames", add, rename, { ...continued, ...renamed }],
  ["renames", "continues", rename, add, { ...continued, ...renamed }],
  ["chooses a model for", "pins", chooseModel, pin, { ...pinned, options: { model: "m" } }],
])(
  "Storage has both changes when one tab %s a chat and another %s it at the same time",
  async (_, __, first, second, changes) => {
    const { storage, one, two } = await openTabs();

    await Promise.all([first(one.conversations), second(two.conversations)]);

    expect(await storage.chat(chatId)).toEqual({ ...chat, ...changes });
    await Promise.all([one, two].map((tab) => tab.conversations.reload(chatId)));
    expect(one.state.getState().chats.get(chatId)).toEqual({ ...chat, ...changes });
    expect(two.state.getState().chats.get(chatId)).toEqual({ ...chat, ...changes });
  },
);

it("Storage has the options of both tabs where the chat had some", async () => {
  const { storage, one, two } = await openTabs();
  await one.conversations.chats.configure(chatId, { toolsOff: ["fetch"] });
  await two.conversations.reload(chatId);

  await Promise.all([chooseModel(one.conversations), approveTool(two.conversations)]);

  const options = { toolsOff: ["fetch"], model: "m", approvedTools: ["search"] };
  expect(await storage.chat(chatId)).toEqual({ ...chat, options });
});

it("A chat that leaves its folder in one tab stays out of it when another tab renames it", async () => {
  const { storage, one, two } = await openTabs();
  await move(one.conversations);
  await two.conversations.reload(chatId);

  await Promise.all([one.conversations.chats.move([chatId], undefined), rename(two.conversations)]);

  expect(await storage.chat(chatId)).toEqual({ ...chat, ...renamed });
});

it.each([
  ["renames", rename],
  ["moves", move],
])("A chat stays deleted when another tab %s it at the same time", async (_, change) => {
  const { storage, one, two } = await openTabs();

  await Promise.all([remove(one.conversations), change(two.conversations)]);
  await two.conversations.reload(chatId);

  expect(await storage.chats()).toEqual([]);
  expect(two.state.getState().chats.size).toBe(0);
});

it("A message is kept in a chat that another tab has just deleted", async () => {
  const { storage, one, two } = await openTabs();
  await remove(one.conversations);

  await add(two.conversations);

  expect(await storage.nodes(chatId)).toEqual([more]);
  expect(await storage.chats()).toHaveLength(1);
});

it("Storage has the options of both tabs where the chat had none", async () => {
  const { storage, one, two } = await openTabs();

  await Promise.all([chooseModel(one.conversations), approveTool(two.conversations)]);

  expect(await storage.chat(chatId)).toEqual({ ...chat, options: { model: "m", approvedTools: ["search"] } });
});

it.each([
  ["had none", undefined],
  ["had some", new Map([["answer-00", null]])],
])("Storage has the moves of both tabs where the chat %s", async (_, moved) => {
  const before = { ...chat, ...(moved === undefined ? {} : { moved }) };
  const { storage, one, two } = await openTabs(before);
  const withMove = (id: string) => ({ ...before, moved: new Map([...(moved ?? []), [id, "answer-01"] as const]) });

  await Promise.all([
    one.conversations.chats.add(withMove("answer-02"), []),
    two.conversations.chats.add(withMove("answer-03"), []),
  ]);

  const moves = { "answer-02": "answer-01", "answer-03": "answer-01" };
  expect(Object.fromEntries((await storage.chat(chatId))?.moved ?? [])).toEqual({
    ...Object.fromEntries(moved ?? []),
    ...moves,
  });
});

it.each<[string, Change, string | undefined]>([
  ["changes", rename, "Tides"],
  ["deletes", remove, undefined],
])("A tab that opens while another one %s a chat shows it as it is now", async (_, change, title) => {
  const { database, one } = await openTabs();
  const opening = openPage("http://127.0.0.1:1/", database);
  const before = await opening.storage.chats();
  let show = () => {};
  opening.storage.chats = () =>
    new Promise((resolve) => {
      show = () => resolve(before);
    });
  const started = opening.conversations.start();
  await change(one.conversations);
  const reloaded = opening.conversations.reload(chatId);
  await opening.storage.chat(chatId); // the page has read it by now, if it does not wait

  show();
  await Promise.all([started, reloaded]);

  expect(opening.state.getState().chats.get(chatId)?.title).toBe(title);
});
