import "../../test/setup";
import { beforeEach, describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";
import type { ThreadApi } from "../api/threads";
import { newChat } from "../chat/chat";
import { branchTo, type ChatNode, type UserNode } from "../chat/tree";
import { SyncStorage } from "../storage/syncStorage";
import { ChatSync } from "./chatSync";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

function nameOf(node: ChatNode): string {
  return node.role === "user"
    ? node.text
    : node.turn.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** One browser of the user. */
async function openDevice(wrap: (api: ThreadApi) => ThreadApi = (api) => api) {
  const database = await openBrowser();
  const page = openPage("http://127.0.0.1:1/", database);
  const synced = new SyncStorage(database);
  const sync = new ChatSync({
    api: wrap(server.api()),
    storage: page.storage,
    synced,
    onChanged: (id, removed) => page.conversations.reload(id, removed),
  });
  const stored = async () => new Map((await page.storage.nodes(chatId)).map((node) => [node.id, node]));
  const find = async (name: string) => [...(await stored()).values()].find((node) => nameOf(node) === name) as UserNode;
  return {
    sync,
    synced,
    conversations: page.conversations,
    storage: page.storage,
    find,
    /** A question and its answer at the end of the branch that is shown. */
    async say(number: number) {
      const chat = (await page.storage.chat(chatId)) ?? newChat(chatId, `question-${number}`, 0);
      const question = said(`question-${number}`, chat.leafId, 2 * number);
      const answer = answered(`answer-0${number}`, question.id, 2 * number + 1);
      await page.conversations.add({ ...chat, leafId: answer.id }, [question, answer]);
      await page.conversations.open(chatId);
      sync.touch(chatId);
    },
    async deleteExchange(name: string) {
      await page.conversations.open(chatId);
      const deletion = await page.conversations.deleteExchange(await find(name));
      sync.touch(chatId);
      return async () => {
        await deletion.undo();
        sync.touch(chatId);
      };
    },
    async deleteFrom(name: string) {
      await page.conversations.open(chatId);
      await page.conversations.deleteFrom(await find(name));
      sync.touch(chatId);
    },
    async shown() {
      return branchTo(await stored(), (await page.storage.chat(chatId))?.leafId ?? null).map(nameOf);
    },
    async names() {
      return [...(await stored()).values()].map(nameOf).sort();
    },
  };
}

type Device = Awaited<ReturnType<typeof openDevice>>;

async function runAll(...devices: readonly Device[]): Promise<void> {
  for (const device of [...devices, ...devices, ...devices]) {
    await device.sync.run();
  }
}

/** Two devices that have the same three questions. */
async function openTwo(wrap?: (api: ThreadApi) => ThreadApi) {
  const [one, two] = [await openDevice(wrap), await openDevice()];
  for (const number of [1, 2, 3]) {
    await one.say(number);
  }
  await runAll(one, two);
  return [one, two] as const;
}

/** The numbers of the questions and answers in this order. */
function exchanges(...numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number) => [`question-${number}`, `answer-0${number}`]);
}

function serverTexts(): readonly string[] {
  return (server.threads.get(chatId)?.turns ?? []).map(({ messages }) => String(messages[0]?.content)).sort();
}

/** Adds a turn as a third device would. */
function addOnServer(number: number, parent: string, status?: "running"): void {
  server.add(
    chatId,
    `answer-0${number}`,
    {
      parent_turn_id: parent,
      created_at: "2026-01-01T00:00:00Z",
      messages: [{ role: "user", content: `question-${number}` }],
      events: [
        { id: 1, type: "delta", data: { content: `answer-0${number}` } },
        {
          id: 2,
          type: "complete",
          data: {
            status: "success",
            iterations: 1,
            usage: { input_tokens: 1, output_tokens: 1 },
            messages: [{ role: "assistant", content: `answer-0${number}` }],
          },
        },
      ],
    },
    status,
  );
}

describe("Deleting a question with its answers", () => {
  it.each([
    ["question-1", exchanges(2, 3, 4, 5)],
    ["question-2", exchanges(1, 3, 4, 5)],
    ["question-3", exchanges(1, 2, 4, 5)],
  ])("keeps what another device added after %s and this one has not seen", async (question, rest) => {
    const [one, two] = await openTwo();
    await two.say(4);
    await two.say(5);
    await two.sync.run();

    await one.deleteExchange(question);
    await runAll(one, two);

    expect(await one.shown()).toEqual(rest);
    expect(await two.shown()).toEqual(rest);
    expect(await one.names()).toEqual([...rest].sort());
    expect(serverTexts()).toEqual(rest.filter((name) => name.startsWith("question")));
  });

  it("keeps what another device adds directly after the deleted answer", async () => {
    const [one, two] = await openTwo();
    addOnServer(4, "answer-01");

    await one.deleteExchange("question-1");
    await runAll(one, two);

    expect(await one.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(await two.names()).toEqual([...exchanges(2, 3, 4)].sort());
  });

  it("keeps what another device adds between the comparison and the removal", async () => {
    const added: number[] = [];
    const [one, two] = await openTwo((api) => ({
      ...api,
      removeTurn: async (id, turnId, etag) => {
        if (added.push(4) === 1) {
          addOnServer(4, "answer-03");
        }
        await api.removeTurn(id, turnId, etag);
      },
    }));

    await one.deleteExchange("question-1");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2, 3, 4));
    expect(await two.shown()).toEqual(exchanges(2, 3, 4));
    expect(serverTexts()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("waits for the end of a turn that another device has started meanwhile", async () => {
    const [one, two] = await openTwo();
    addOnServer(4, "answer-03", "running");

    await one.deleteExchange("question-1");
    await runAll(one, two);
    expect(serverTexts()).toContain("question-4");
    const thread = server.threads.get(chatId);
    if (thread === undefined) {
      throw new Error("There is no thread.");
    }
    thread.turns = thread.turns.filter(({ turn_id: id }) => id !== "answer-04");
    addOnServer(4, "answer-03");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2, 3, 4));
    expect(await two.shown()).toEqual(exchanges(2, 3, 4));
    expect(serverTexts()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("keeps what another device continues offline, and sends after the removal", async () => {
    const [one, two] = await openTwo();
    await two.say(4);

    await one.deleteExchange("question-1");
    await one.sync.run();
    await runAll(two, one);

    expect(await one.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(await two.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(serverTexts()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("leaves no hole when the connection ends between the copies and the removal", async () => {
    let isLost = true;
    const [one, two] = await openTwo((api) => ({
      ...api,
      removeTurn: async (id, turnId, etag) => {
        if (isLost) {
          throw new TypeError("fetch failed");
        }
        await api.removeTurn(id, turnId, etag);
      },
    }));
    await one.deleteExchange("question-1");

    await expect(one.sync.run()).rejects.toThrow();
    expect(serverTexts()).toEqual(["question-1", "question-2", "question-2", "question-3", "question-3"]);
    isLost = false;
    await runAll(two, one);

    expect(await one.shown()).toEqual(exchanges(2, 3));
    expect(await two.shown()).toEqual(exchanges(2, 3));
    expect(serverTexts()).toEqual(["question-2", "question-3"]);
  });

  it.each([
    ["question-1", "question-1"],
    ["question-1", "question-2"],
    ["question-2", "question-1"],
  ])("loses nothing else when one device deletes %s and the other %s", async (first, second) => {
    const [one, two] = await openTwo();
    await two.say(4);

    await one.deleteExchange(first);
    await two.deleteExchange(second);
    await runAll(one, two);

    const kept = exchanges(1, 2, 3, 4).filter((name) => ![first, second].some((each) => each.at(-1) === name.at(-1)));
    for (const device of [one, two]) {
      expect(await device.names()).toEqual(expect.arrayContaining([...kept]));
    }
    expect(await one.names()).toEqual(await two.names());
    const turns = server.threads.get(chatId)?.turns.length;
    await runAll(one, two);
    expect(server.threads.get(chatId)?.turns).toHaveLength(turns ?? 0);
  });

  it("removes nothing from a thread that is too full for the copies, until the user deletes more", async () => {
    server.maxTurns = 4;
    const [one, two] = await openTwo();

    await one.deleteExchange("question-1");
    await expect(one.sync.run()).rejects.toThrow();
    expect(serverTexts()).toEqual(["question-1", "question-2", "question-2", "question-3"]);
    expect(await one.shown()).toEqual(exchanges(2, 3));
    await one.deleteFrom("question-3");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2));
    expect(await two.shown()).toEqual(exchanges(2));
    expect(serverTexts()).toEqual(["question-2"]);
  });

  it("keeps what another device has added when it is undone", async () => {
    const [one, two] = await openTwo();
    await two.say(4);
    await two.sync.run();

    const undo = await one.deleteExchange("question-1");
    await runAll(one, two);
    await undo();
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.names()).toEqual(expect.arrayContaining([...exchanges(1, 2, 3, 4)]));
    }
  });
});

describe("Deleting from a question on", () => {
  it("makes room in a thread that is full", async () => {
    server.maxTurns = 3;
    const [one, two] = await openTwo();
    await one.say(4);
    await expect(one.sync.run()).rejects.toThrow();

    await one.deleteFrom("question-3");
    await one.say(5);
    await expect(one.sync.run()).rejects.toThrow();
    await runAll(one, two);

    expect(await two.shown()).toEqual(exchanges(1, 2, 5));
    expect(serverTexts()).toEqual(["question-1", "question-2", "question-5"]);
  });

  it("deletes what another device has added after it too, and keeps other branches", async () => {
    const [one, two] = await openTwo();
    addOnServer(4, "answer-03");
    addOnServer(5, "answer-01");

    await one.deleteFrom("question-2");
    await runAll(one, two);

    expect(await one.names()).toEqual([...exchanges(1, 5)].sort());
    expect(await two.names()).toEqual([...exchanges(1, 5)].sort());
    expect(serverTexts()).toEqual(["question-1", "question-5"]);
  });
});

describe("ChatSync", () => {
  it("deletes nothing that it read and could not store", async () => {
    const [one, two] = await openTwo();
    addOnServer(4, "answer-03");
    const save = two.storage.save.bind(two.storage);
    two.storage.save = () => Promise.reject(new DOMException("The disk is full.", "QuotaExceededError"));
    await expect(two.sync.run()).rejects.toThrow();
    two.storage.save = save;

    await runAll(two, one);

    expect(await two.shown()).toEqual(exchanges(1, 2, 3, 4));
    expect(serverTexts()).toContain("question-4");
  });
});
