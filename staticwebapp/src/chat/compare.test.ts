import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { type GoldenName, goldenBytes, until } from "../../test/golden";
import { type Answer, hangsAfter, startScriptedServer, streams } from "../../test/scriptedServer";
import { defaultSettings, settings } from "../settings/settings";
import { ChatStorage } from "../storage/chatStorage";
import { newChat } from "./chat";
import { comparedAnswers, runningAnswers } from "./shownAnswers";
import { siblingsOf } from "./tree";

const golden = (name: GoldenName) => streams(goldenBytes(name));
const options = { tools: ["search_web"], model: "p:first" };

type Page = ReturnType<typeof openPage>;

const compared = ({ state }: Page) => {
  const { chats, nodes, openId } = state.getState();
  return comparedAnswers(chats.get(openId ?? ""), nodes.get(openId ?? ""));
};

const ended = (page: Page, count: number) =>
  page.answer(() => page.answers().filter(({ turn }) => turn.status === "complete").length === count);

/** A chat whose message went to two models. */
async function openComparison(base: string) {
  const page = openPage(base, await openBrowser());
  page.conversations.compareNext("p:second");
  await page.conversations.messages.send("Hello", options);
  return page;
}

describe("a comparison", () => {
  it("sends one message to both models and shows both answers", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const page = await openComparison(server.base);
    await ended(page, 2);

    const bodies = server.requests.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ model }) => model).sort()).toEqual(["p:first", "p:second"]);
    expect(bodies[1].messages).toEqual(bodies[0].messages);
    expect(compared(page).map((node) => node.options.model)).toEqual(["p:first", "p:second"]);
    expect(page.nodes().filter(({ role }) => role === "user")).toHaveLength(1);
    expect(page.state.getState().rival).toBeUndefined();
  });

  it.each([null, "chat"])("ends when the model of the chat becomes the second one: %s", async (openId) => {
    const page = openPage("http://127.0.0.1:1", await openBrowser());
    page.state.setState({ openId, chats: new Map([["chat", newChat("chat", "Chat", 0)]]) });
    page.conversations.compareNext("p:second");

    await page.conversations.chats.configure(openId, { toolsOff: [] });
    expect(page.state.getState().rival).toBe("p:second");
    await page.conversations.chats.configure(openId, { model: "p:second" });

    expect(page.state.getState().rival).toBeUndefined();
  });

  it.each<[string, (page: Page) => unknown]>([
    ["an assistant has it", ({ conversations }) => conversations.startWith({ model: "p:second" })],
    ["another tab has chosen it for new chats", () => settings.setState({ model: "p:second" })],
  ])("ends in a new chat when %s", async (_, choose) => {
    const page = openPage("http://127.0.0.1:1", await openBrowser());
    page.conversations.compareNext("p:second");

    choose(page);

    expect(page.state.getState().rival).toBeUndefined();
    settings.setState(defaultSettings, true);
  });

  it("ends in a new chat whose assistant is dropped when the server's default is the second model", async () => {
    const page = openPage("http://127.0.0.1:1", await openBrowser());
    const models = ["first", "second"].map((name) => ({
      id: `p:${name}`,
      provider: "p",
      name,
      is_default: name === "second",
    }));
    page.state.setState({ models });
    page.conversations.startWith({ model: "p:first" });
    page.conversations.compareNext("p:second");
    expect(page.state.getState().rival).toBe("p:second");

    page.conversations.startWith({});

    expect(page.state.getState().rival).toBeUndefined();
  });

  it("ends when another tab chooses the second model for the chat", async () => {
    const database = await openBrowser();
    await new ChatStorage(database).saveAll([
      { before: undefined, chat: newChat("chat", "Chat", 0), added: [], removed: [] },
    ]);
    const [page, other] = [openPage("http://127.0.0.1:1", database), openPage("http://127.0.0.1:1", database)];
    await page.conversations.start();
    await other.conversations.start();
    await page.conversations.open("chat");
    page.conversations.compareNext("p:second");

    await other.conversations.chats.configure("chat", { model: "p:second" });
    await page.conversations.reload("chat");

    expect(page.state.getState().rival).toBeUndefined();
  });

  it("sends a message once to a model that is both", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    page.conversations.compareNext("p:first");

    await page.conversations.messages.send("Hello", options);

    await page.answer();
    expect(page.answers()).toHaveLength(1);
  });

  it("continues with the answer that is kept and its model, and keeps the other as a version", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"), golden("plain-text"));
    const page = await openComparison(server.base);
    await ended(page, 2);
    const [first, second] = compared(page);
    if (first === undefined || second === undefined) {
      throw new Error("Nothing is compared.");
    }

    await page.conversations.messages.keep(second);

    const chat = page.state.getState().chats.get(second.chatId);
    expect(chat).toMatchObject({ leafId: second.id, options: { model: "p:second" } });
    expect(compared(page)).toEqual([]);
    const nodes = page.state.getState().nodes.get(second.chatId) ?? new Map();
    expect(siblingsOf(nodes, second).map(({ id }) => id)).toEqual([first.id, second.id]);
    await page.conversations.messages.send("More", options);
    await ended(page, 3);
    expect(page.nodes().find((node) => node.role === "user" && node.text === "More")?.parentId).toBe(second.id);
  });

  it("is shown again after a reload", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const database = await openBrowser();
    const page = openPage(server.base, database);
    page.conversations.compareNext("p:second");
    await page.conversations.messages.send("Hello", options);
    await ended(page, 2);
    const { openId } = page.state.getState();
    const ids = compared(page).map(({ id }) => id);

    const again = openPage(server.base, database);
    await again.conversations.start();
    await again.conversations.open(openId);

    expect(compared(again).map(({ id }) => id)).toEqual(ids);
  });

  it("shows another answer next to an existing one, and a regenerated one in its place", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const first = await page.answer();

    await page.conversations.messages.compare(first, { ...options, model: "p:second" });
    await ended(page, 2);
    expect(compared(page).map((node) => node.options.model)).toEqual(["p:first", "p:second"]);

    await page.conversations.messages.regenerate(first, { ...options, model: "p:third" });
    await ended(page, 3);
    expect(compared(page).map((node) => node.options.model)).toEqual(["p:third", "p:second"]);
  });

  it("stops both answers, and the other one when one is kept", async () => {
    const stops: Answer = (response) => void response.writeHead(204).end();
    await using server = await startScriptedServer(
      hangsAfter(until("plain-text", 6)),
      hangsAfter(until("plain-text", 6)),
      stops,
      stops,
    );
    const page = await openComparison(server.base);
    const both = () => runningAnswers(page.state.getState(), page.state.getState().openId);
    await page.answer(() => both().length === 2 && both().every(({ turn }) => turn.lastEventId === 5));
    const [first, second] = both();
    if (first === undefined || second === undefined) {
      throw new Error("Nothing is running.");
    }

    await page.conversations.messages.keep(first);

    expect(server.requests.filter(({ method }) => method === "DELETE").map(({ path }) => path)).toEqual([
      `/api/chat/${second.id}`,
    ]);
    expect(page.answers().find(({ id }) => id === second.id)?.turn.status).toBe("stopped");
    await page.conversations.stopAnswers(first.chatId);
    expect(page.answers().map(({ turn }) => turn.status)).toEqual(["stopped", "stopped"]);
  });
});
