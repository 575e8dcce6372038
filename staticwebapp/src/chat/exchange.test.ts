import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";
import { strings } from "../i18n/strings";
import { ChatStorage } from "../storage/chatStorage";
import { SyncStorage } from "../storage/syncStorage";
import { ChatSync } from "../sync/chatSync";
import { newChat, textOf } from "./chat";
import { isFollowed } from "./exchange";
import { assistantNode, branchTo, byId, type ChatNode, type UserNode } from "./tree";

/** Three questions with an answer each. */
const three: readonly ChatNode[] = [
  said("question-1", null, 1),
  answered("answer-01", "question-1", 2),
  said("question-2", "answer-01", 3),
  answered("answer-02", "question-2", 4),
  said("question-3", "answer-02", 5),
  answered("answer-03", "question-3", 6),
];

async function openChat(nodes: readonly ChatNode[] = three, leafId = "answer-03") {
  const database = await openBrowser();
  const page = openPage("http://127.0.0.1:1/", database);
  await page.conversations.chats.add({ ...newChat(chatId, "question-1", 0), leafId }, nodes);
  await page.conversations.open(chatId);
  const chat = () => page.state.getState().chats.get(chatId);
  const known = () => page.state.getState().nodes.get(chatId) ?? new Map<string, ChatNode>();
  return {
    database,
    conversations: page.conversations,
    troubles: page.troubles,
    chat,
    known,
    shown: () => branchTo(known(), chat()?.leafId ?? null).map(textOf),
    stored: async () => (await page.storage.allNodes()).map(textOf).sort(),
    /** As when the user opens another chat. */
    unload: () => page.state.setState({ nodes: new Map(), openId: null }),
    find: (id: string) => known().get(id) as UserNode,
    findText: (text: string) => [...known().values()].find((node) => textOf(node) === text) as UserNode,
  };
}

/** Adds a question at the end of the chat. */
async function continueChat(page: Awaited<ReturnType<typeof openChat>>) {
  const chat = page.chat();
  if (chat === undefined) {
    throw new Error("There is no chat.");
  }
  const more = said("question-5", chat.leafId, 10);
  await page.conversations.chats.add({ ...chat, leafId: more.id }, [more]);
}

describe("deleteExchange", () => {
  it.each([
    ["question-1", ["question-2", "answer-02", "question-3", "answer-03"]],
    ["question-2", ["question-1", "answer-01", "question-3", "answer-03"]],
    ["question-3", ["question-1", "answer-01", "question-2", "answer-02"]],
  ])("deletes %s and its answer, keeps what follows, and puts both back", async (id, rest) => {
    const page = await openChat();
    const before = page.known();

    const { count, undo } = await page.conversations.deletions.deleteExchange(page.find(id));

    expect(count).toBe(2);
    expect(page.shown()).toEqual(rest);
    expect(await page.stored()).toEqual([...rest].sort());
    await undo();
    expect(page.shown()).toEqual(three.map(textOf));
    expect([...page.known().keys()].sort()).toEqual([...before.keys()].sort());
    expect(await page.stored()).toEqual(three.map(textOf).sort());
  });

  it("deletes all versions of the answer, and keeps what follows each of them", async () => {
    const page = await openChat([
      ...three,
      answered("answer-02b", "question-2", 7),
      said("question-4", "answer-02b", 8),
      answered("answer-04", "question-4", 9),
    ]);

    const { count } = await page.conversations.deletions.deleteExchange(page.find("question-2"));

    expect(count).toBe(3);
    expect(page.shown()).toEqual(["question-1", "answer-01", "question-3", "answer-03"]);
    expect(await page.stored()).toEqual(
      ["question-1", "answer-01", "question-3", "answer-03", "question-4", "answer-04"].sort(),
    );
  });

  it("shows another version of the message where the deleted one is shown last", async () => {
    const page = await openChat(
      [...three.slice(0, 4), said("question-2b", "answer-01", 5), answered("answer-02b", "question-2b", 6)],
      "answer-02",
    );

    await page.conversations.deletions.deleteExchange(page.find("question-2"));

    expect(page.shown()).toEqual(["question-1", "answer-01", "question-2b", "answer-02b"]);
  });

  it("remembers where the last thousands of answers have moved, and not all of them", async () => {
    const page = await openChat();
    const chat = page.chat();
    const before = Array.from({ length: 6_000 }, (_, index) => [`answer-before-${index}`, null] as const);
    await page.conversations.chats.add({ ...newChat(chatId, "question-1", 0), ...chat, moved: new Map(before) }, []);

    await page.conversations.deletions.deleteExchange(page.find("question-2"));

    const moved = page.chat()?.moved;
    expect(moved?.size).toBe(5_000);
    expect(moved?.get("answer-02")).toBe("answer-01");
  });

  it.each(["deleteExchange", "deleteFrom"] as const)(
    "remembers no more moves when a deletion is undone (%s)",
    async (kind) => {
      const page = await openChat();
      const before = Array.from({ length: 5_000 }, (_, index) => [`answer-before-${index}`, null] as const);
      await page.conversations.chats.add({ ...newChat(chatId, "question-1", 0), moved: new Map(before) }, []);
      const { undo } = await page.conversations.deletions[kind](page.find("question-3"));
      await page.conversations.deletions.deleteExchange(page.find("question-1"));

      await undo();

      const moved = page.chat()?.moved ?? new Map();
      expect(moved.size).toBeGreaterThan(4_900);
      expect(moved.size).toBeLessThanOrEqual(5_000);
    },
  );

  it("puts an answer back after the copy of its message", async () => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteFrom(page.find("answer-03"));
    await page.conversations.deletions.deleteExchange(page.find("question-1"));

    await undo();

    expect(page.troubles).toEqual([]);
    expect(page.shown()).toEqual(["question-2", "answer-02", "question-3", "answer-03"]);
    expect(await page.stored()).toHaveLength(4);
  });

  it("restores no answer whose message was deleted meanwhile", async () => {
    const page = await openChat([...three, answered("answer-02b", "question-2", 7)]);
    const { undo } = await page.conversations.deletions.deleteFrom(page.find("answer-02b"));
    await page.conversations.deletions.deleteExchange(page.find("question-2"));

    await undo();

    expect(page.troubles).toEqual([strings.notRestored]);
    expect(await page.stored()).toEqual(["question-1", "answer-01", "question-3", "answer-03"].sort());
  });

  it("names the chat after the message that is now the first, unless the user has named it", async () => {
    const page = await openChat();

    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-1"));

    expect(page.chat()?.title).toBe("question-2");
    await undo();
    expect(page.chat()?.title).toBe("question-1");
    await page.conversations.chats.rename(chatId, "Mine");
    await page.conversations.deletions.deleteExchange(page.find("question-1"));
    expect(page.chat()?.title).toBe("Mine");
  });

  it("puts back what it deleted before what the user has added meanwhile", async () => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-2"));
    await continueChat(page);

    await undo();

    expect(page.shown()).toEqual([...three.map(textOf), "question-5"]);
    expect(await page.stored()).toEqual([...three.map(textOf), "question-5"].sort());
  });

  it.each([
    ["question-1", "question-2"],
    ["question-2", "question-1"],
    ["question-1", "question-3"],
    ["question-3", "question-1"],
    ["question-2", "question-3"],
    ["question-3", "question-2"],
  ])("puts back %s, and not %s, which was deleted after it", async (first, second) => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteExchange(page.find(first));
    await page.conversations.deletions.deleteExchange(page.findText(second));

    await undo();

    const gone = [second, second.replace("question-", "answer-0")];
    const rest = three.map(textOf).filter((text) => !gone.includes(text));
    expect(page.shown()).toEqual(rest);
    expect(await page.stored()).toEqual(rest.sort());
  });

  it("puts back what it deleted once, although another device has put it back too", async () => {
    const page = await openChat();
    const deleted = three.slice(2, 4);
    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-2"));
    const chat = page.chat() ?? newChat(chatId, "question-1", 0);
    await page.conversations.chats.add(chat, deleted);

    await undo();

    expect(await page.stored()).toEqual(three.map(textOf).sort());
  });

  it("moves no answer that is being written, and puts back what it deleted as another branch", async () => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-2"));
    await continueChat(page);
    const chat = page.chat() ?? newChat(chatId, "question-1", 0);
    const running = assistantNode({ id: "answer-05", chatId, parentId: "question-5", createdAt: 11 }, { tools: [] });
    await page.conversations.chats.add({ ...chat, leafId: running.id }, [running]);

    await undo();

    expect(page.known().get("answer-05")).toEqual(running);
    expect(page.known().get("question-2")?.parentId).toBe("answer-01");
    expect((await page.stored()).filter((text) => text !== "")).toEqual([...three.map(textOf), "question-5"].sort());
  });

  it("deletes on the server and on another device too, and keeps what follows there", async () => {
    const server = new ThreadServer();
    const syncOf = (database: Awaited<ReturnType<typeof openBrowser>>) =>
      new ChatSync({
        api: server.api(),
        storage: new ChatStorage(database),
        synced: new SyncStorage(database),
        onChanged: async () => {},
      });
    const page = await openChat();
    const other = await openBrowser();
    const [here, there] = [syncOf(page.database), syncOf(other)];
    await here.run();
    await there.run();

    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-2"));
    here.touch(chatId);
    await here.run();
    await there.run();

    const branch = async () => {
      const storage = new ChatStorage(other);
      const nodes = byId(await storage.nodes(chatId));
      return branchTo(nodes, (await storage.chat(chatId))?.leafId ?? null).map(textOf);
    };
    expect(await branch()).toEqual(["question-1", "answer-01", "question-3", "answer-03"]);
    expect(server.threads.get(chatId)?.turns).toHaveLength(2);
    await undo();
    here.touch(chatId);
    await here.run();
    await there.run();
    expect(await branch()).toEqual(three.map(textOf));
    expect(server.threads.get(chatId)?.turns).toHaveLength(3);
  });
});

describe("the undo of a deletion", () => {
  it.each(["deleteExchange", "deleteFrom"] as const)(
    "restores nothing where what the message followed is gone meanwhile (%s)",
    async (kind) => {
      const page = await openChat();
      const { undo } = await page.conversations.deletions[kind](page.find("question-2"));
      const first = await page.conversations.deletions.deleteFrom(page.find("question-1"));

      await undo();

      expect(page.known().size).toBe(0);
      expect(await page.stored()).toEqual([]);
      expect(page.troubles).toEqual([strings.notRestored]);
      await first.undo();
      await undo();
      expect(page.known().has("question-2")).toBe(true);
      expect(page.shown()).toContain("question-2");
    },
  );

  it("puts back what followed a message, after the copy of what that followed", async () => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteFrom(page.find("question-3"));
    await page.conversations.deletions.deleteExchange(page.find("question-1"));

    await undo();

    expect(page.shown()).toEqual(["question-2", "answer-02", "question-3", "answer-03"]);
    expect(await page.stored()).toHaveLength(4);
    expect(page.chat()?.moved?.get("answer-03")).toBe(page.chat()?.leafId);
  });

  it("keeps what was continued where another chat is open by then", async () => {
    const page = await openChat();
    const { undo } = await page.conversations.deletions.deleteExchange(page.find("question-2"));
    await continueChat(page);
    page.unload();

    await undo();

    expect(await page.stored()).toEqual([...three.map(textOf), "question-5"].sort());
  });
});

describe("isFollowed", () => {
  it.each([
    ["question-1", true],
    ["question-2", true],
    ["question-3", false],
  ])("knows whether something follows the answer to %s", async (id, followed) => {
    const page = await openChat();

    expect(isFollowed(page.known(), page.find(id))).toBe(followed);
  });
});
