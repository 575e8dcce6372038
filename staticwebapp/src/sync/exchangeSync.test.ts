import { beforeEach, describe, expect, it } from "vitest";
import { exchanges, openTwo, runAll } from "../../test/deviceFixture";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";
import { newChat } from "../chat/chat";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

describe("Deleting a question with its answers", () => {
  it.each([
    ["question-1", exchanges(2, 3, 4, 5)],
    ["question-2", exchanges(1, 3, 4, 5)],
    ["question-3", exchanges(1, 2, 4, 5)],
  ])("keeps what another device added after %s and this one has not seen", async (question, rest) => {
    const [one, two] = await openTwo(server);
    await two.say(4);
    await two.say(5);
    await two.sync.run();

    await one.deleteExchange(question);
    await runAll(one, two);

    expect(await one.shown()).toEqual(rest);
    expect(await two.shown()).toEqual(rest);
    expect(await one.names()).toEqual([...rest].sort());
    expect(server.questions()).toEqual(rest.filter((name) => name.startsWith("question")));
  });

  it("keeps what another device adds directly after the deleted answer", async () => {
    const [one, two] = await openTwo(server);
    server.addExchange(4, "answer-01");

    await one.deleteExchange("question-1");
    await runAll(one, two);

    expect(await one.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(await two.names()).toEqual([...exchanges(2, 3, 4)].sort());
  });

  it("keeps what another device adds between the comparison and the removal", async () => {
    const added: number[] = [];
    const [one, two] = await openTwo(server, (api) => ({
      ...api,
      removeTurn: async (id, turnId, etag) => {
        if (added.push(4) === 1) {
          server.addExchange(4, "answer-03");
        }
        await api.removeTurn(id, turnId, etag);
      },
    }));

    await one.deleteExchange("question-1");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2, 3, 4));
    expect(await two.shown()).toEqual(exchanges(2, 3, 4));
    expect(server.questions()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("waits for the end of a turn that another device has started meanwhile", async () => {
    const [one, two] = await openTwo(server);
    server.addExchange(4, "answer-03", "running");

    await one.deleteExchange("question-1");
    await runAll(one, two);
    expect(server.questions()).toContain("question-4");
    const thread = server.threads.get(chatId);
    if (thread === undefined) {
      throw new Error("There is no thread.");
    }
    thread.turns = thread.turns.filter(({ turn_id: id }) => id !== "answer-04");
    server.addExchange(4, "answer-03");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2, 3, 4));
    expect(await two.shown()).toEqual(exchanges(2, 3, 4));
    expect(server.questions()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("keeps what another device continues offline, and sends after the removal", async () => {
    const [one, two] = await openTwo(server);
    await two.say(4);

    await one.deleteExchange("question-1");
    await one.sync.run();
    await runAll(two, one);

    expect(await one.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(await two.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(server.questions()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("leaves no hole when the connection ends between the copies and the removal", async () => {
    let isLost = true;
    const [one, two] = await openTwo(server, (api) => ({
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
    expect(server.questions()).toEqual(["question-1", "question-2", "question-2", "question-3", "question-3"]);
    isLost = false;
    await runAll(two, one);

    expect(await one.shown()).toEqual(exchanges(2, 3));
    expect(await two.shown()).toEqual(exchanges(2, 3));
    expect(server.questions()).toEqual(["question-2", "question-3"]);
  });

  it("moves what a device has continued offline without the other one", async () => {
    const [one, two] = await openTwo(server);
    await two.say(4);
    await one.deleteExchange("question-1");
    await one.sync.run();

    await runAll(two);

    expect(await two.shown()).toEqual(exchanges(2, 3, 4));
    expect(await two.names()).toEqual([...exchanges(2, 3, 4)].sort());
    expect(server.questions()).toEqual(["question-2", "question-3", "question-4"]);
  });

  it("keeps a repeated message when the first one is deleted", async () => {
    const [one, two] = await openTwo(server);
    const chat = await one.storage.chat(chatId);
    const again = { ...said("repeated", "answer-03", 8), text: "question-1" };
    await one.conversations.chats.add({ ...newChat(chatId, "question-1", 0), ...chat, leafId: "answer-04" }, [
      again,
      answered("answer-04", "repeated", 9),
    ]);
    one.sync.touch(chatId);
    await runAll(one, two);

    await one.deleteExchange("question-1");
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.shown()).toEqual([...exchanges(2, 3), "question-1", "answer-04"]);
    }
  });

  it("removes nothing from a thread that is too full for the copies, until the user deletes more", async () => {
    server.maxTurns = 4;
    const [one, two] = await openTwo(server);

    await one.deleteExchange("question-1");
    await one.sync.run();
    expect(server.questions()).toEqual(["question-1", "question-2", "question-2", "question-3"]);
    expect(await one.shown()).toEqual(exchanges(2, 3));
    await one.deleteFrom("question-3");
    await runAll(one, two);

    expect(await one.shown()).toEqual(exchanges(2));
    expect(await two.shown()).toEqual(exchanges(2));
    expect(server.questions()).toEqual(["question-2"]);
  });
});

describe("Deleting from a question on", () => {
  it("makes room in a thread that is full", async () => {
    server.maxTurns = 3;
    const [one, two] = await openTwo(server);
    await one.say(4);
    await one.sync.run();

    await one.deleteFrom("question-3");
    await one.say(5);
    await one.sync.run();
    await runAll(one, two);

    expect(await two.shown()).toEqual(exchanges(1, 2, 5));
    expect(server.questions()).toEqual(["question-1", "question-2", "question-5"]);
  });

  it("deletes what another device has added after it too, and keeps other branches", async () => {
    const [one, two] = await openTwo(server);
    server.addExchange(4, "answer-03");
    server.addExchange(5, "answer-01");

    await one.deleteFrom("question-2");
    await runAll(one, two);

    expect(await one.names()).toEqual([...exchanges(1, 5)].sort());
    expect(await two.names()).toEqual([...exchanges(1, 5)].sort());
    expect(server.questions()).toEqual(["question-1", "question-5"]);
  });
});

describe("ChatSync", () => {
  it("deletes nothing that it read and could not store", async () => {
    const [one, two] = await openTwo(server);
    server.addExchange(4, "answer-03");
    const change = two.storage.change.bind(two.storage);
    two.storage.change = () => Promise.reject(new DOMException("The disk is full.", "QuotaExceededError"));
    await expect(two.sync.run()).rejects.toThrow();
    two.storage.change = change;

    await runAll(two, one);

    expect(await two.shown()).toEqual(exchanges(1, 2, 3, 4));
    expect(server.questions()).toContain("question-4");
  });

  it("does not bring a chat back that the user deletes while it is compared", async () => {
    const [one, two] = await openTwo(server);
    await one.say(4);
    await one.sync.run();
    const nodes = two.storage.nodes.bind(two.storage);
    two.storage.nodes = async (id) => {
      two.storage.nodes = nodes;
      const known = await nodes(id);
      await two.storage.remove(id);
      return known;
    };

    await two.sync.run();
    await two.sync.run();

    expect(await two.storage.chats()).toEqual([]);
    expect([...server.threads.keys()]).toEqual([]);
  });
});
