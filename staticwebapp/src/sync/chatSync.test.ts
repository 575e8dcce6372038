import { beforeEach, describe, expect, it } from "vitest";
import { answered, saveChat } from "../../test/exchangeFixture";
import { openStorage } from "../../test/storageFixture";
import { ThreadServer } from "../../test/threadServer";
import type { Chat } from "../chat/chat";
import { type AssistantNode, byId } from "../chat/tree";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

const openDevice = () => openStorage(server);

describe("ChatSync", () => {
  it("copies the chats that a browser had before to the server, and from there to another device", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.say("chat-0001", "Second", "answer-02");

    await one.sync.run();
    await two.sync.run();

    expect(await two.texts("chat-0001")).toEqual(["First", "Answer answer-01", "Second", "Answer answer-02"]);
    expect(two.changed).toEqual(["chat-0001"]);
    expect((await two.answer("answer-02"))?.turn).toMatchObject({ status: "complete", model: "m" });
  });

  it("runs once at a time", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    let running = 0;
    let most = 0;
    const chats = two.storage.chats.bind(two.storage);
    const list = two.storage.nodes.bind(two.storage);
    two.storage.nodes = async (id) => {
      running += 1;
      most = Math.max(most, running);
      const nodes = await list(id);
      running -= 1;
      return nodes;
    };

    await Promise.all([two.sync.run(), two.sync.run(), two.sync.run()]);

    expect(most).toBe(1);
    expect(await chats()).toHaveLength(1);
  });

  it("copies the other chats when one has no room, and that one again only once the server's side has changed", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    server.maxTurns = 1;
    await one.say("chat-0001", "First", "answer-01");
    await one.say("chat-0001", "Second", "answer-02");
    await one.say("chat-0002", "Other", "answer-03");

    await one.sync.run();
    expect(server.threads.get("chat-0002")?.turns).toHaveLength(1);
    await one.sync.run(); // the list has what this browser has sent
    await one.sync.run();
    const refused = server.refusedTurns;
    await one.sync.run();
    expect(server.refusedTurns).toBe(refused);

    server.maxTurns = 2;
    await two.say("chat-0003", "From two", "answer-04");
    await two.sync.run();
    await one.sync.run();
    expect(server.threads.get("chat-0001")?.turns).toHaveLength(2);
  });

  it("merges what two devices added offline, without loss", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    server.isDown = true;
    await one.say("chat-0001", "From one", "answer-one");
    await two.say("chat-0001", "From two", "answer-two");
    await two.say("chat-0002", "Another chat", "answer-03");
    await expect(one.sync.run()).rejects.toThrow();
    await expect(two.sync.run()).rejects.toThrow();

    server.isDown = false;
    for (const device of [one, two, one, two]) {
      await device.sync.run();
    }

    for (const device of [one, two]) {
      expect(
        (await device.storage.allNodes())
          .filter(({ role }) => role === "assistant")
          .map(({ id }) => id)
          .sort(),
      ).toEqual(["answer-01", "answer-03", "answer-one", "answer-two"]);
    }
    expect(await one.texts("chat-0001")).toContain("From one");
    expect(await two.texts("chat-0001")).toContain("From two");
  });

  it("shows a turn that runs on another device, to be followed, and its end", async () => {
    const two = await openDevice();
    await server.api().create("chat-0001", "2026-01-01T00:00:00Z", {});
    const messages = [{ role: "user", content: "Hello" }] as const;
    server.add("chat-0001", "answer-01", { created_at: "2026-01-01T00:00:00Z", messages, events: [] }, "running");

    await two.sync.run();
    expect((await two.answer("answer-01"))?.turn).toMatchObject({ status: "running", lastEventId: 0 });
    expect(await two.storage.runningChats()).toEqual(["chat-0001"]);

    const thread = server.threads.get("chat-0001");
    const [turn] = thread?.turns ?? [];
    if (thread === undefined || turn === undefined) {
      throw new Error("There is no turn.");
    }
    const failure = { error: "Stopped.", code: "CANCELLED", retryable: true } as const;
    thread.turns = [{ ...turn, status: "stopped", events: [{ id: 3, type: "error", data: failure }] }];
    thread.version += 1;
    await two.sync.run();

    expect((await two.answer("answer-01"))?.turn.status).toBe("stopped");
  });

  it("deletes on both sides, but not what the other side has continued", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.say("chat-0002", "Other", "answer-02");
    await one.sync.run();
    await two.sync.run();

    await one.remove("chat-0001");
    await one.remove("chat-0002");
    await two.say("chat-0002", "Continued", "answer-03");
    await one.sync.run();
    await two.sync.run();
    await one.sync.run();

    expect(await two.storage.chat("chat-0001")).toBeUndefined();
    expect([...server.threads.keys()]).toEqual(["chat-0002"]);
    expect(await one.texts("chat-0002")).toEqual(["Other", "Answer answer-02", "Continued", "Answer answer-03"]);
  });

  it("deletes a chat that another device deleted, also when the page closes while it does", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    await one.remove("chat-0001");
    await one.sync.run();

    two.closeAfterWrite();
    await expect(two.sync.run()).rejects.toThrow();
    two.reopen();
    await two.sync.run();
    await two.sync.run();

    expect(await two.storage.chats()).toEqual([]);
    expect([...server.threads.keys()]).toEqual([]);
  });

  it("keeps chats whose threads are damaged, and syncs the others", async () => {
    const one = await openDevice();
    await one.say("chat-0001", "First", "answer-01");
    await one.say("chat-0002", "Second", "answer-02");
    await one.say("chat-0003", "Third", "answer-03");
    await one.sync.run();

    server.damaged.add("chat-0001").add("chat-0002");
    await one.say("chat-0002", "More", "answer-04");
    await one.say("chat-0003", "More", "answer-05");
    await one.sync.run();

    expect(await one.texts("chat-0001")).toEqual(["First", "Answer answer-01"]);
    expect(await one.texts("chat-0002")).toEqual(["Second", "Answer answer-02", "More", "Answer answer-04"]);
    expect(server.threads.get("chat-0003")?.turns).toHaveLength(2);
  });

  it("keeps a chat whose thread was created after the list was read", async () => {
    const one = await openDevice();
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await one.sync.run();

    server.unlisted.add("chat-0001");
    await one.sync.run();

    expect(await one.texts("chat-0001")).toEqual(["First", "Answer answer-01"]);
  });

  it("deletes a message with what follows it on the other device", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.say("chat-0001", "Second", "answer-02");
    await one.sync.run();
    await two.sync.run();
    const chat = await one.storage.chat("chat-0001");
    if (chat === undefined) {
      throw new Error("There is no chat.");
    }

    await saveChat(one.storage, { ...chat, leafId: "answer-01" }, [], ["question-answer-02", "answer-02"]);
    one.sync.touch("chat-0001");
    await one.sync.run();
    await two.sync.run();

    expect(await two.texts("chat-0001")).toEqual(["First", "Answer answer-01"]);
  });

  it("shares another answer to the same question as a branch of the same message", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    const question = (await two.storage.nodes("chat-0001")).find(({ role }) => role === "user");
    const chat = await two.storage.chat("chat-0001");
    if (question === undefined || chat === undefined) {
      throw new Error("The chat was not copied.");
    }

    await two.save({ ...chat, leafId: "answer-02" }, [
      answered("answer-02", question.id, 5_000, { text: "Answer answer-02" }),
    ]);
    await two.sync.run();
    await one.sync.run();

    expect((await one.storage.nodes("chat-0001")).filter(({ role }) => role === "user")).toHaveLength(1);
    expect((await one.answer("answer-02"))?.parentId).toBe("question-answer-01");
  });

  it("sends other chats, and turns of this one, although its answers follow each other in a circle", async () => {
    const device = await openDevice();
    await device.say("chat-0001", "First", "answer-01");
    const chat = await device.storage.chat("chat-0001");
    const circle = [answered("answer-02", "answer-03", 20), answered("answer-03", "answer-02", 30)];
    await device.save(
      { ...(chat as Chat), leafId: "answer-03" },
      circle.map((node) => ({ ...node, chatId: "chat-0001" })),
    );
    await device.say("chat-0002", "Another", "answer-04");

    await device.sync.run();

    const turnsOf = (id: string) => server.threads.get(id)?.turns.map(({ turn_id: turnId }) => turnId);
    expect(turnsOf("chat-0001")).toEqual(["answer-01"]);
    expect(turnsOf("chat-0002")).toEqual(["answer-04"]);
    const nodes = byId(await device.storage.nodes("chat-0001"));
    expect(await device.sync.prepare(circle[0] as AssistantNode, nodes)).toBe(false);
  });
});
