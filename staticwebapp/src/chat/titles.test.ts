import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { type GoldenName, goldenBytes } from "../../test/golden";
import { problem, startScriptedServer, streams } from "../../test/scriptedServer";
import { createApi } from "../api/client";
import { modelTitle } from "./modelTitle";
import { assistantNode, userNode } from "./tree";
import { newTurn } from "./turn";

const golden = (name: GoldenName) => streams(goldenBytes(name));
const options = { tools: [] };

/** A page whose model writes these titles, one after the other. */
async function openTitled(base: string, ...titles: (string | Error)[]) {
  const asked: string[] = [];
  let onAsked = () => {};
  const firstAsked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  const page = openPage(base, await openBrowser(), undefined, async (question) => {
    const title = titles[asked.push(question.text) - 1];
    onAsked();
    if (title instanceof Error) {
      throw title;
    }
    return title;
  });
  const chat = () => [...page.state.getState().chats.values()][0];
  const titled = (title: string) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (chat()?.title === title) {
          unsubscribe();
          resolve();
        }
      };
      const unsubscribe = page.state.subscribe(check);
      check();
    });
  return { page, asked, firstAsked, chat, titled };
}

describe("The title of a chat", () => {
  it("is the first line, until a model has written one after the first answer", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const { page, asked, chat, titled } = await openTitled(server.base, "Greetings");

    await page.conversations.messages.send("Hello there", options);
    expect(chat()?.title).toBe("Hello there");
    await titled("Greetings");
    await page.conversations.messages.send("More", options);
    await page.answer(() => page.answers().every(({ turn }) => turn.status === "complete"));

    expect(asked).toEqual(["Hello there"]);
    expect((await page.storage.chats())[0]?.title).toBe("Greetings");
  });

  it("is written again when the first message is edited", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const { page, asked, titled } = await openTitled(server.base, "Greetings", "Farewell");
    await page.conversations.messages.send("Hello", options);
    await titled("Greetings");

    const question = page.nodes().find(({ role }) => role === "user");
    await page.conversations.messages.edit(question as never, "Goodbye", options);
    await titled("Farewell");

    expect(asked).toEqual(["Hello", "Goodbye"]);
  });

  it("stays as the user wrote it, and the first line where no model has one", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const { page, asked, firstAsked, chat } = await openTitled(server.base, new Error("No model."), "Not wanted");
    await page.conversations.messages.send("Hello", options);
    const first = await page.answer();
    await firstAsked;
    expect(chat()?.title).toBe("Hello");

    await page.conversations.chats.rename(first.chatId, "Mine");
    await page.conversations.messages.regenerate(first, options);
    await page.answer(() => page.answers().filter(({ turn }) => turn.status === "complete").length === 2);

    expect(chat()?.title).toBe("Mine");
    expect(asked).toEqual(["Hello"]);
  });
});

describe("modelTitle", () => {
  const base = { chatId: "c", createdAt: 0 };
  const question = userNode({ ...base, id: "q", parentId: null }, "x".repeat(5_000));
  const answer = {
    ...assistantNode({ ...base, id: "a", parentId: "q" }, options),
    turn: {
      ...newTurn,
      status: "complete",
      provider: "p",
      model: "m",
      parts: [{ type: "text", text: "y".repeat(5_000) }],
    },
  } as const;
  const said = (text: string) =>
    streams(
      new TextEncoder().encode(
        `id: 1\nevent: status\ndata: {"model":"m","provider":"p"}\n\nid: 2\nevent: delta\ndata: ${JSON.stringify({ content: text })}\n\n` +
          'id: 3\nevent: complete\ndata: {"messages":[]}\n\n',
      ),
    );

  it.each([
    ["“Tides of the sea.”", "Tides of the sea"],
    ["**Ebbe und Flut**\nWeil der Mond", "Ebbe und Flut"],
    ["C++ or C#", "C++ or C#"],
    ["", undefined],
    [`I can't write a title because ${"it is long ".repeat(10)}`, undefined],
  ])("reads %j", async (text, title) => {
    await using server = await startScriptedServer(said(text));

    expect(await modelTitle(createApi(server.base), question, answer)).toBe(title);
  });

  it("sends little of the conversation to the model of the answer, without tools", async () => {
    await using server = await startScriptedServer(said("Letters"));

    await modelTitle(createApi(server.base), question, answer);

    const body = JSON.parse(server.requests[0]?.body ?? "");
    expect(body).toMatchObject({ model: "p:m" });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("thread_id");
    expect(JSON.stringify(body.messages).length).toBeLessThan(1_500);
  });

  it("reports a refusal", async () => {
    await using server = await startScriptedServer(problem(429, "RATE_LIMITED", "Too many."));

    await expect(modelTitle(createApi(server.base), question, answer)).rejects.toThrow("Too many.");
  });
});
