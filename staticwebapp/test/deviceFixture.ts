import type { ThreadApi } from "../src/api/threads";
import { newChat } from "../src/chat/chat";
import type { Deletion } from "../src/chat/deletions";
import { branchTo, byId, type ChatNode, type UserNode } from "../src/chat/tree";
import { SyncStorage } from "../src/storage/syncStorage";
import { ChatSync } from "../src/sync/chatSync";
import { openBrowser, openPage } from "./conversationFixture";
import { answered, chatId, said } from "./exchangeFixture";
import type { ThreadServer } from "./threadServer";

function nameOf(node: ChatNode): string {
  return node.role === "user"
    ? node.text
    : node.turn.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** One browser of the user, and what they do in it. */
export async function openDevice(server: ThreadServer, wrap: (api: ThreadApi) => ThreadApi = (api) => api) {
  const database = await openBrowser();
  const page = openPage("http://127.0.0.1:1/", database);
  const synced = new SyncStorage(database);
  const sync = new ChatSync({
    api: wrap(server.api()),
    storage: page.storage,
    synced,
    onChanged: (id, removed) => page.conversations.reload(id, removed),
  });
  const stored = async () => byId(await page.storage.nodes(chatId));
  const find = async (name: string) => [...(await stored()).values()].find((node) => nameOf(node) === name) as UserNode;
  const undoable = (deletion: Deletion) => {
    sync.touch(chatId);
    return async () => {
      await deletion.undo();
      sync.touch(chatId);
    };
  };
  return {
    sync,
    synced,
    conversations: page.conversations,
    storage: page.storage,
    /** What the user was notified of. */
    troubles: page.troubles,
    find,
    /** A question and its answer at the end of the branch that is shown. */
    async say(number: number) {
      const chat = (await page.storage.chat(chatId)) ?? newChat(chatId, `question-${number}`, 0);
      const question = said(`question-${number}`, chat.leafId, 2 * number);
      const answer = answered(`answer-0${number}`, question.id, 2 * number + 1);
      await page.conversations.chats.add({ ...chat, leafId: answer.id }, [question, answer]);
      await page.conversations.open(chatId);
      sync.touch(chatId);
    },
    async deleteExchange(name: string) {
      await page.conversations.open(chatId);
      return undoable(await page.conversations.deletions.deleteExchange(await find(name)));
    },
    async deleteFrom(name: string) {
      await page.conversations.open(chatId);
      return undoable(await page.conversations.deletions.deleteFrom(await find(name)));
    },
    async shown() {
      return branchTo(await stored(), (await page.storage.chat(chatId))?.leafId ?? null).map(nameOf);
    },
    async names() {
      return [...(await stored()).values()].map(nameOf).sort();
    },
  };
}

export type Device = Awaited<ReturnType<typeof openDevice>>;

/** Two devices that have the same three questions. */
export async function openTwo(
  server: ThreadServer,
  wrap?: (api: ThreadApi) => ThreadApi,
): Promise<readonly [Device, Device]> {
  const [one, two] = [await openDevice(server, wrap), await openDevice(server)];
  for (const number of [1, 2, 3]) {
    await one.say(number);
  }
  await runAll(one, two);
  return [one, two];
}

export async function runAll(...devices: readonly Device[]): Promise<void> {
  for (const device of [...devices, ...devices, ...devices]) {
    await device.sync.run();
  }
}

/** The numbers of the questions and answers in this order. */
export function exchanges(...numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number) => [`question-${number}`, `answer-0${number}`]);
}
