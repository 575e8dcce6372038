import { beforeEach, describe, expect, it } from "vitest";
import { openStorage } from "../../test/storageFixture";
import { ThreadServer } from "../../test/threadServer";
import type { Chat } from "../chat/chat";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

const openDevice = () => openStorage(server);

describe("What applies to a chat as a whole", () => {
  it("moves a chat to a folder, to another and out of it on all devices", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const move = async (folder: string | undefined) => {
      const { folder: _, ...chat } = (await one.storage.chat("chat-0001")) as Chat;
      await one.save(folder === undefined ? chat : { ...chat, folder });
      await one.sync.run();
      await two.sync.run();
      return (await two.storage.chat("chat-0001"))?.folder;
    };

    expect(await move("Work")).toBe("Work");
    expect(server.threads.get("chat-0001")?.folder).toBe("Work");
    expect(await move("Home")).toBe("Home");
    expect(await move(undefined)).toBeUndefined();
    expect((await one.storage.chat("chat-0001"))?.folder).toBeUndefined();
  });

  it("keeps the folder that a device chose offline", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    const chat = (await two.storage.chat("chat-0001")) as Chat;
    await two.save({ ...chat, folder: "Offline" });
    await one.say("chat-0001", "Second", "answer-02");
    await one.sync.run();

    await two.sync.run();
    await one.sync.run();

    expect((await one.storage.chat("chat-0001"))?.folder).toBe("Offline");
    expect(await two.texts("chat-0001")).toEqual(["First", "Answer answer-01", "Second", "Answer answer-02"]);
  });

  it("copies a title that a model has written", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    const chat = (await one.storage.chat("chat-0001")) as Chat;

    await one.save({ ...chat, title: "Written", titled: true });
    await one.sync.run();
    await two.sync.run();

    expect((await two.storage.chat("chat-0001"))?.title).toBe("Written");
  });

  it("copies a title, a pin, and the options of a chat, and keeps the change of each side", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    const chat = (await one.storage.chat("chat-0001")) as Chat;

    await one.save({ ...chat, title: "Renamed", renamed: true, pinned: true, options: { model: "p:m" } });
    await one.sync.run();
    await two.sync.run();

    expect(await two.storage.chat("chat-0001")).toMatchObject({
      title: "Renamed",
      renamed: true,
      pinned: true,
      options: { model: "p:m" },
    });
  });

  it("copies the instructions of a folder, and keeps the last ones when devices change a chat at the same time", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const instructions = (text: string, changedAt: number) => ({ folder: "Work", text, changedAt });
    const chat = async ({ storage }: typeof one) => (await storage.chat("chat-0001")) as Chat;
    await one.save({ ...(await chat(one)), folder: "Work", folderInstructions: instructions("Be brief.", 1) });
    await one.sync.run();
    await two.sync.run();
    expect((await chat(two)).folderInstructions).toEqual(instructions("Be brief.", 1));

    await one.save({ ...(await chat(one)), folderInstructions: instructions("Be long.", 2) });
    await two.save({ ...(await chat(two)), pinned: true });
    for (const device of [one, two, one, two]) {
      await device.sync.run();
    }

    for (const device of [one, two]) {
      expect(await chat(device)).toMatchObject({ pinned: true, folderInstructions: instructions("Be long.", 2) });
    }
  });

  it("drops the instructions of a folder that the chat is no longer in", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const folderInstructions = { folder: "Work", text: "Be brief.", changedAt: 1 };
    await one.save({ ...((await one.storage.chat("chat-0001")) as Chat), folder: "Work", folderInstructions });
    await one.sync.run();
    await two.sync.run();
    const { folder: _, folderInstructions: __, ...chat } = (await two.storage.chat("chat-0001")) as Chat;

    await two.save(chat);
    await two.sync.run();
    await one.sync.run();

    expect(await one.storage.chat("chat-0001")).not.toHaveProperty("folderInstructions");
    expect(server.threads.get("chat-0001")?.metadata).not.toHaveProperty("folderInstructions");
  });

  it("sends no more of a chat than the server accepts: its own instructions stay here if there is no room", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const folderInstructions = { folder: "Work", text: "長".repeat(2_000), changedAt: 1 };
    const chat = (await one.storage.chat("chat-0001")) as Chat;
    await one.save({
      ...chat,
      folder: "Work",
      folderInstructions,
      options: { model: "m", systemPrompt: "短".repeat(2_000) },
    });
    await one.sync.run();
    await two.sync.run();
    await one.sync.run();

    expect(JSON.stringify(server.threads.get("chat-0001")?.metadata).length).toBeLessThan(2_200);
    expect(await two.storage.chat("chat-0001")).toMatchObject({ folderInstructions, options: { model: "m" } });
    expect((await one.storage.chat("chat-0001"))?.options?.systemPrompt).toHaveLength(2_000);
  });

  it("keeps what one device changes of a chat when another one changes the instructions of its folder", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const chat = async ({ storage }: typeof one) => (await storage.chat("chat-0001")) as Chat;
    const options = { model: "m", toolsOff: ["fetch"] };
    await one.save({ ...(await chat(one)), folder: "Work", options });
    await one.sync.run();
    await two.sync.run();

    await one.save({
      ...(await chat(one)),
      title: "Renamed",
      renamed: true,
      pinned: true,
      options: { ...options, model: "other" },
    });
    await one.sync.run();
    const folderInstructions = { folder: "Work", text: "Be brief.", changedAt: 1 };
    await two.save({ ...(await chat(two)), folderInstructions, options: { ...options, approvedTools: ["search"] } });
    for (const device of [two, one, two]) {
      await device.sync.run();
    }

    for (const device of [one, two]) {
      expect(await chat(device)).toMatchObject({
        title: "Renamed",
        renamed: true,
        pinned: true,
        options: { ...options, model: "other", approvedTools: ["search"] },
        folderInstructions,
      });
    }
  });

  it("moves a chat on one device when another one pins it at the same time", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    await one.sync.run();
    await two.sync.run();
    const chat = async ({ storage }: typeof one) => (await storage.chat("chat-0001")) as Chat;
    await one.save({ ...(await chat(one)), folder: "Work" });
    await one.sync.run();
    await two.save({ ...(await chat(two)), pinned: true });

    for (const device of [two, one]) {
      await device.sync.run();
    }

    expect(await chat(one)).toMatchObject({ folder: "Work", pinned: true });
    expect(await chat(two)).toMatchObject({ folder: "Work", pinned: true });
  });

  it("keeps a chat's own instructions on all devices when long instructions of its folder leave no room for them", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const chat = async ({ storage }: typeof one) => (await storage.chat("chat-0001")) as Chat;
    const systemPrompt = "短".repeat(1_000);
    await one.save({ ...(await chat(one)), folder: "Work", options: { model: "m", systemPrompt } });
    await one.sync.run();
    await two.sync.run();
    const folderInstructions = { folder: "Work", text: "長".repeat(2_000), changedAt: 1 };

    await one.save({ ...(await chat(one)), folderInstructions });
    for (const device of [one, two, one]) {
      await device.sync.run();
    }

    for (const device of [one, two]) {
      expect(await chat(device)).toMatchObject({ options: { model: "m", systemPrompt }, folderInstructions });
    }
  });

  it("stores instructions of a folder that another client wrote in the form that all devices understand", async () => {
    const two = await openDevice();
    const one = await openDevice();
    await one.say("chat-0001", "First", "answer-01");
    await one.save({ ...((await one.storage.chat("chat-0001")) as Chat), folder: "Work" });
    await one.sync.run();
    const folderInstructions = { folder: "Work", text: "Be brief.", changedAt: 1e300, more: "x".repeat(7_900) };
    await server.api().change("chat-0001", { metadata: { folderInstructions } });

    await two.sync.run();

    const known = { folder: "Work", text: "Be brief.", changedAt: 0 };
    expect((await two.storage.chat("chat-0001"))?.folderInstructions).toEqual(known);
    expect(server.threads.get("chat-0001")?.metadata).toEqual({ folderInstructions: known });
  });

  it("sends a chat whose list of tools has no room, without that list", async () => {
    const [one, two] = [await openDevice(), await openDevice()];
    await one.say("chat-0001", "First", "answer-01");
    const chat = (await one.storage.chat("chat-0001")) as Chat;
    const options = {
      model: "m",
      toolsOff: Array.from({ length: 300 }, (_, index) => `a-tool-with-a-long-name-${index}`),
    };
    await one.save({ ...chat, title: "Renamed", renamed: true, options });
    for (const device of [one, two, one]) {
      await device.sync.run();
    }

    expect(JSON.stringify(server.threads.get("chat-0001")?.metadata).length).toBeLessThan(8_192);
    expect(await two.storage.chat("chat-0001")).toMatchObject({ title: "Renamed", options: { model: "m" } });
    expect((await one.storage.chat("chat-0001"))?.options).toEqual(options);
  });
});
