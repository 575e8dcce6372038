import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { from, type GoldenName, goldenBytes, until } from "../../test/golden";
import { type Answer, breaksAfter, hangsAfter, problem, startScriptedServer, streams } from "../../test/scriptedServer";
import { newChat, textOf } from "./chat";
import { branchTo, type UserNode, userNode } from "./tree";

const golden = (name: GoldenName) => streams(goldenBytes(name));
const options = { tools: ["search_web"], model: "demo:scripted" };

describe("Conversations", () => {
  it("sends what the chat contains so far, calls and results included", async () => {
    await using server = await startScriptedServer(golden("tools-parallel"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());

    await page.conversations.messages.send("First", options);
    await page.answer();
    await page.conversations.messages.send("Second", options);
    await page.answer();

    const body = JSON.parse(server.requests[1]?.body ?? "");
    expect(body.messages.map((message: { role: string }) => message.role)).toEqual([
      "user",
      "assistant",
      "tool",
      "tool",
      "assistant",
      "user",
    ]);
    expect(body).toMatchObject({ model: "demo:scripted", tools: ["search_web"], turn_id: page.answers().at(-1)?.id });
  });

  it("uses turn ids that the server accepts", async () => {
    await using server = await startScriptedServer(golden("plain-text"));
    const page = openPage(server.base, await openBrowser());

    await page.conversations.messages.send("Hello", options);
    await page.answer();

    expect(JSON.parse(server.requests[0]?.body ?? "").turn_id).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  });

  it("resumes the turn after the last event when the page was closed in the middle", async () => {
    const database = await openBrowser();
    await using server = await startScriptedServer(hangsAfter(until("plain-text", 6)), streams(from("plain-text", 2)));
    const closed = openPage(server.base, database);
    await closed.conversations.messages.send("Hello", options);
    await closed.answer((node) => node.turn.lastEventId === 5);
    await closed.saved(2);
    const saved = (await closed.storage.allNodes()).map((node) =>
      node.role === "assistant" ? node.turn.lastEventId : 0,
    );

    const page = openPage(server.base, database);
    await page.conversations.start();
    const answer = await page.answer();

    expect(server.requests[1]).toMatchObject({ method: "GET", lastEventId: String(Math.max(...saved)) });
    expect(answer.turn).toMatchObject({ status: "complete", lastEventId: 14 });
    expect(textOf(answer)).toContain("Grüße, 世界");
  });

  it("sends the same turn again when the page was closed before the server responded", async () => {
    const database = await openBrowser();
    const silent: Answer = () => {};
    await using server = await startScriptedServer(silent, golden("plain-text"));
    await openPage(server.base, database).conversations.messages.send("Hello", options);

    const page = openPage(server.base, database);
    await page.conversations.start();
    const answer = await page.answer();

    const bodies = new Set(server.requests.filter(({ method }) => method === "POST").map(({ body }) => body));
    expect(bodies.size).toBe(1);
    expect(answer.turn.status).toBe("complete");
  });

  it("does not start an old turn that was never sent", async () => {
    const database = await openBrowser();
    await using server = await startScriptedServer(() => {}, problem(404, "NOT_FOUND", "This turn is not known."));
    await openPage(server.base, database).conversations.messages.send("Hello", options);

    const page = openPage(server.base, database, () => Date.now() + 3_600_000);
    await page.conversations.start();
    const answer = await page.answer();

    expect(server.requests.at(-1)?.method).toBe("GET");
    expect(answer.turn.failure).toMatchObject({ code: "NOT_FOUND", retryable: true });
  });

  it("keeps both branches when a message is edited, and shows the chosen one", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("reset"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("First", options);
    const first = await page.answer();
    const question = page.nodes().find((node) => node.role === "user");
    if (question?.role !== "user") {
      throw new Error("The question is not there.");
    }

    await page.conversations.messages.edit(question, "Changed", options);
    await page.answer((node) => node.turn.status === "complete" && page.answers().length === 2);
    const shown = () => {
      const { chats, nodes } = page.state.getState();
      const chat = chats.get(question.chatId);
      return branchTo(nodes.get(question.chatId) ?? new Map(), chat?.leafId ?? null).map(textOf);
    };

    expect(shown()).toEqual(["Changed", "The whole answer."]);
    await page.conversations.select(question);
    expect(shown()).toEqual(["First", textOf(first)]);

    const changed = page.nodes().find((node) => textOf(node) === "Changed");
    await page.conversations.open(question.chatId, changed?.id);
    expect(shown()).toEqual(["Changed", "The whole answer."]);
  });

  it("keeps a failed turn, and regenerates it as another version", async () => {
    await using server = await startScriptedServer(golden("error"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const failed = await page.answer();

    await page.conversations.messages.regenerate(failed, options);
    await page.answer((node) => node.turn.status === "complete");

    expect(page.answers().map((node) => [node.parentId === failed.parentId, node.turn.status])).toEqual([
      [true, "failed"],
      [true, "complete"],
    ]);
    const body = JSON.parse(server.requests[1]?.body ?? "");
    expect(body.messages).toEqual([{ role: "user", content: "Hello" }]);
    expect(body.turn_id).not.toBe(failed.id);
  });

  it("resumes an answer that it had given up once the server is back", async () => {
    const broken: Answer = (response) => void response.destroy();
    await using server = await startScriptedServer(broken, broken, broken, golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const lost = await page.failure;

    page.conversations.resume(lost);
    const answer = await page.answer((node) => node.turn.status === "complete");

    expect(lost.turn).toMatchObject({ status: "failed", failure: { lost: true } });
    expect(answer.id).toBe(lost.id);
  });

  it("returns what it deleted", async () => {
    await using server = await startScriptedServer(golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const answer = await page.answer();

    const removed = await page.conversations.chats.remove(answer.chatId);
    expect(await page.storage.chats()).toEqual([]);
    expect(await page.storage.allNodes()).toEqual([]);
    await page.conversations.chats.add(removed.chat, removed.nodes);

    expect(await page.storage.chats()).toHaveLength(1);
    expect(await page.storage.nodes(answer.chatId)).toHaveLength(2);
  });

  it("shows the message of another tab, and follows its turn", async () => {
    const database = await openBrowser();
    await using server = await startScriptedServer(hangsAfter(until("plain-text", 6)), golden("plain-text"));
    const [one, other] = [openPage(server.base, database), openPage(server.base, database)];
    await one.conversations.messages.send("Hello", options);
    const { chatId } = await one.answer((node) => node.turn.lastEventId === 5);
    await one.saved(2);

    await other.conversations.reload(chatId);
    await other.conversations.open(chatId);
    const answer = await other.answer();

    expect(answer.turn.status).toBe("complete");
  });

  it("removes a chat from the page that another tab deleted", async () => {
    const database = await openBrowser();
    await using server = await startScriptedServer(golden("plain-text"));
    const [one, other] = [openPage(server.base, database), openPage(server.base, database)];
    await one.conversations.messages.send("Hello", options);
    const { chatId } = await one.answer();
    await other.conversations.start();
    await other.conversations.open(chatId);

    await one.conversations.chats.remove(chatId);
    await other.conversations.reload(chatId);

    expect(other.state.getState()).toMatchObject({ openId: null, chats: new Map(), nodes: new Map() });
  });
});

describe("breaking connections", () => {
  it("fold into one answer", async () => {
    await using server = await startScriptedServer(
      breaksAfter(until("plain-text", 4)),
      breaksAfter(new TextEncoder().encode("retry: 0\n\n")),
      streams(from("plain-text", 4)),
    );
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);

    expect((await page.answer()).turn).toMatchObject({ status: "complete", lastEventId: 14 });
  });
});

describe("The chats that were opened", () => {
  async function openPageWith(count: number) {
    const page = openPage("http://127.0.0.1:1/", await openBrowser());
    const ids = Array.from({ length: count }, (_, index) => `chat-${index}`);
    for (const id of ids) {
      const message = userNode({ id: `message-${id}`, chatId: id, parentId: null, createdAt: 1 }, id);
      await page.conversations.chats.add({ ...newChat(id, id, 0), leafId: message.id }, [message]);
    }
    return { ...page, ids };
  }

  it("stay in memory only if they were opened lately", async () => {
    const page = await openPageWith(15);

    for (const id of page.ids) {
      await page.conversations.open(id);
    }

    expect([...page.state.getState().nodes.keys()]).toEqual(page.ids.slice(-10));
    await page.conversations.open("chat-0");
    expect(page.state.getState().nodes.get("chat-0")?.size).toBe(1);
  });

  it("move to a folder together", async () => {
    const page = await openPageWith(3);
    const moved = (chats: Iterable<{ folder?: string }>) => [...chats].filter(({ folder }) => folder === "Work").length;
    const shown: number[] = [];
    page.state.subscribe(({ chats }) => shown.push(moved(chats.values())));

    await page.conversations.chats.move(page.ids, "Work");

    expect(shown).toEqual([3]);
    expect(moved(await page.storage.chats())).toBe(3);
  });

  it("can be deleted before the deletion of a message is undone", async () => {
    const page = await openPageWith(1);
    await page.conversations.open("chat-0");
    const [message] = page.nodes();
    const { undo } = await page.conversations.deletions.deleteFrom(message as UserNode);
    await page.conversations.chats.remove("chat-0");

    await undo();

    expect(await page.storage.chats()).toEqual([]);
    expect(await page.storage.allNodes()).toEqual([]);
  });

  it("keep what the user changes while they are read again", async () => {
    const page = await openPageWith(1);
    await page.conversations.open("chat-0");
    const read = page.storage.chat.bind(page.storage);
    page.storage.chat = async (id) => {
      page.storage.chat = read;
      const chat = await read(id);
      void page.conversations.chats.rename(id, "Renamed");
      return chat;
    };

    await page.conversations.reload("chat-0");

    expect(page.state.getState().chats.get("chat-0")?.title).toBe("Renamed");
    expect((await page.storage.chats())[0]?.title).toBe("Renamed");
  });
});
