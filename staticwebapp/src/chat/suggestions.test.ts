import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { goldenBytes } from "../../test/golden";
import { problem, startScriptedServer, streams } from "../../test/scriptedServer";
import { createApi } from "../api/client";
import { modelSuggestions } from "./modelSuggestions";
import { assistantNode, userNode } from "./tree";
import { newTurn } from "./turn";

const options = { tools: [] };
const answered = () => streams(goldenBytes("plain-text"));

/** A page whose model suggests what this returns. */
async function openSuggesting(base: string, suggest: (text: string) => Promise<readonly string[]>) {
  const asked: string[] = [];
  const page = openPage(base, await openBrowser(), undefined, undefined, async (question) => {
    asked.push(question.text);
    return suggest(question.text);
  });
  const suggested = () => [...page.state.getState().suggestions.values()];
  return {
    page,
    asked,
    suggested,
    /** Resolves when there are suggestions. */
    shown: () =>
      new Promise<void>((resolve) => {
        const check = () => suggested().length > 0 && resolve();
        page.state.subscribe(check);
        check();
      }),
  };
}

describe("Suggestions", () => {
  it("follow the last answer of the open chat", async () => {
    await using server = await startScriptedServer(answered());
    const { page, asked, suggested, shown } = await openSuggesting(server.base, async () => ["And then?"]);

    await page.conversations.messages.send("Hello", options);
    await shown();

    expect(asked).toEqual(["Hello"]);
    expect(suggested()).toEqual([{ answerId: page.answers()[0]?.id, texts: ["And then?"] }]);
  });

  it("are not asked for after an answer that failed, or in a chat that is not open", async () => {
    await using server = await startScriptedServer(problem(400, "INVALID_REQUEST", "No."), answered(), answered());
    const { page, asked, shown } = await openSuggesting(server.base, async () => ["And then?"]);
    await page.conversations.messages.send("Failed", options);
    await page.failure;

    const sent = page.conversations.messages.send("Left", options);
    await page.conversations.open(null);
    await sent;
    await page.answer(() => page.answers().some(({ turn }) => turn.status === "complete"));

    await page.conversations.messages.send("Open", options);
    await shown();
    expect(asked).toEqual(["Open"]);
  });

  it("that come when the user has sent another message are not shown", async () => {
    await using server = await startScriptedServer(answered(), answered());
    const { page, asked, suggested, shown } = await openSuggesting(server.base, async (text) => {
      if (text === "First") {
        await page.conversations.messages.send("Second", options);
      }
      return [`After ${text}`];
    });

    await page.conversations.messages.send("First", options);
    await shown();

    expect(asked).toEqual(["First", "Second"]);
    expect(suggested().flatMap(({ texts }) => texts)).toEqual(["After Second"]);
  });
});

describe("modelSuggestions", () => {
  const base = { chatId: "c", createdAt: 0 };
  const question = userNode({ ...base, id: "q", parentId: null }, "x".repeat(5_000));
  const answer = {
    ...assistantNode({ ...base, id: "a", parentId: "q" }, options),
    turn: { ...newTurn, status: "complete", provider: "p", model: "m", parts: [{ type: "text", text: "y" }] },
  } as const;
  const said = (text: string) =>
    streams(
      new TextEncoder().encode(
        `id: 1\nevent: delta\ndata: ${JSON.stringify({ content: text })}\n\nid: 2\nevent: complete\ndata: {"messages":[]}\n\n`,
      ),
    );

  it.each([
    ["Why?\nWhen?\nWhere?\nWho?", ["Why?", "When?", "Where?"]],
    ["1. Why?\n\n2) “When?”\n- *Where?*", ["Why?", "When?", "Where?"]],
    ["Why?\nWhy?", ["Why?"]],
    ["3 days or 4?", ["3 days or 4?"]],
    ['3.5 million or 4?\n-5 degrees?\nWhat is "entropy"', ["3.5 million or 4?", "-5 degrees?", 'What is "entropy"']],
    ["---\n-\n**1. Why?**\n- 1. When?\n1.Where?", ["Why?", "When?", "Where?"]],
    ['"Foo" or "Bar"\n**Why** is it *hot*', ['"Foo" or "Bar"', "**Why** is it *hot*"]],
    [`I can't suggest anything because ${"it is long ".repeat(20)}`, []],
    ["", []],
  ])("reads %j", async (text, expected) => {
    await using server = await startScriptedServer(said(text));

    expect(await modelSuggestions(createApi(server.base), question, answer)).toEqual(expected);
  });

  it("sends little of the conversation to the model of the answer, without tools and thread", async () => {
    await using server = await startScriptedServer(said("Why?"));

    await modelSuggestions(createApi(server.base), question, answer);

    const body = JSON.parse(server.requests[0]?.body ?? "");
    expect(body).toMatchObject({ model: "p:m" });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("thread_id");
    expect(JSON.stringify(body.messages).length).toBeLessThan(2_500);
  });
});
