import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { type GoldenName, goldenBytes, until } from "../../test/golden";
import { hangsAfter, startScriptedServer, streams } from "../../test/scriptedServer";
import { nextTurnOptions } from "../settings/chatSettings";
import { change } from "../settings/settings";
import { inListOrder, textOf } from "./chat";
import { branchTo } from "./tree";

const golden = (name: GoldenName) => streams(goldenBytes(name));
const options = { tools: [] };

type Page = ReturnType<typeof openPage>;

const shown = ({ state }: Page) => {
  const { chats, nodes, openId } = state.getState();
  return branchTo(nodes.get(openId ?? "") ?? new Map(), chats.get(openId ?? "")?.leafId ?? null).map(textOf);
};

/** A chat of two messages with their answers. */
async function openChat(base: string) {
  const page = openPage(base, await openBrowser());
  await page.conversations.messages.send("First", options);
  await page.answer();
  await page.conversations.messages.send("Second", options);
  await page.answer((node) => node.turn.status === "complete" && page.answers().length === 2);
  return page;
}

describe("messages", () => {
  it("are copied to a chat of their own, which leaves the first one as it is", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("reset"));
    const page = await openChat(server.base);
    const { openId } = page.state.getState();
    const before = shown(page);

    await page.conversations.fork(page.answers()[0] as never);

    expect(page.state.getState().openId).not.toBe(openId);
    expect(shown(page)).toEqual(before.slice(0, 2));
    await page.conversations.open(openId);
    expect(shown(page)).toEqual(before);
  });

  it("are deleted with what follows, and put back", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("reset"));
    const page = await openChat(server.base);
    const before = shown(page);
    const second = page.nodes().find((node) => textOf(node) === "Second");

    const { count, undo } = await page.conversations.deletions.deleteFrom(second as never);
    expect(count).toBe(2);
    expect(shown(page)).toEqual(before.slice(0, 2));
    expect(await page.storage.allNodes()).toHaveLength(2);

    await undo();
    expect(shown(page)).toEqual(before);
    expect(await page.storage.allNodes()).toHaveLength(4);
  });

  it("give way to their other version when they are deleted", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("reset"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("First", options);
    const first = await page.answer();
    await page.conversations.messages.regenerate(first, options);
    const second = await page.answer((node) => node.id !== first.id && node.turn.status === "complete");

    await page.conversations.deletions.deleteFrom(second);

    expect(shown(page)).toEqual(["First", textOf(first)]);
  });

  it("rename the chat when the first one is edited, unless the user has named it", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("First", options);
    const { chatId } = await page.answer();
    const title = () => page.state.getState().chats.get(chatId)?.title;
    const message = page.nodes().find((node) => node.role === "user");

    await page.conversations.messages.edit(message as never, "Changed", options);
    expect(title()).toBe("Changed");
    await page.conversations.chats.rename(chatId, "Mine");
    await page.conversations.messages.edit(message as never, "Changed again", options);
    expect(title()).toBe("Mine");
  });

  it("name the chat after their first file where they have no text, also when they are sent again", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    const attachment = { kind: "text", id: "f", name: "notes.txt", size: 1, text: "x" } as const;
    await page.conversations.messages.send("", options, [attachment]);
    const { chatId } = await page.answer();
    const message = page.nodes().find((node) => node.role === "user");

    await page.conversations.messages.edit(message as never, "", options);

    expect(page.state.getState().chats.get(chatId)?.title).toBe("notes.txt");
  });

  it("carry their attachments to the server, the newest where there is no room for all", async () => {
    await using server = await startScriptedServer(golden("plain-text"), golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    page.state.setState({ limits: { maxBodyBytes: 200 } });
    const image = (id: string) =>
      ({ kind: "image", id, name: `${id}.png`, size: 9, url: `data:image/png;base64,${"A".repeat(100)}` }) as const;
    await page.conversations.messages.send("One", options, [image("first")]);
    await page.answer();
    await page.conversations.messages.send("", options, [image("second")]);
    await page.answer((node) => node.turn.status === "complete" && page.answers().length === 2);

    const { messages } = JSON.parse(server.requests[1]?.body ?? "");
    expect(messages[0].content).toEqual([
      { type: "text", text: "[Attachment first.png was removed from the history]" },
      { type: "text", text: "One" },
    ]);
    expect(messages.at(-1).content).toEqual([{ type: "image_url", image_url: { url: image("second").url } }]);
  });
});

describe("a queued message", () => {
  it("is sent once when the answer is complete, and by one tab only", async () => {
    const database = await openBrowser();
    let finish = () => {};
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(until("plain-text", 6));
      finish = () => void response.end(goldenBytes("plain-text"));
    }, golden("reset"));
    const page = openPage(server.base, database);
    await page.conversations.messages.send("First", options);
    await page.answer((node) => node.turn.lastEventId === 5);

    await page.conversations.messages.queue("Second", options);
    expect(server.requests).toHaveLength(1);
    finish();
    await page.answer((node) => node.turn.status === "complete" && page.answers().length === 2);

    expect(shown(page).filter((_, index) => index % 2 === 0)).toEqual(["First", "Second"]);
    expect((await page.storage.chats())[0]?.queued).toBeUndefined();
  });

  it.each([
    ["another page", (page: Page) => page.conversations.navigate("search")],
    ["a new chat", (page: Page) => page.conversations.open(null)],
  ])("leaves the user at %s when it is sent", async (_, goTo) => {
    let finish = () => {};
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(until("plain-text", 6));
      finish = () => void response.end(goldenBytes("plain-text"));
    }, golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("First", options);
    await page.answer((node) => node.turn.lastEventId === 5);
    await page.conversations.messages.queue("Second", options);
    await goTo(page);
    const { view, openId } = page.state.getState();

    finish();
    await page.answer((node) => node.turn.status === "complete" && page.answers().length === 2);

    expect(page.state.getState()).toMatchObject({ view, openId });
  });

  it("waits for the user when the answer is stopped", async () => {
    await using server = await startScriptedServer(
      hangsAfter(until("plain-text", 6)),
      (r) => void r.writeHead(204).end(),
    );
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("First", options);
    const running = await page.answer((node) => node.turn.lastEventId === 5);
    await page.conversations.messages.queue("Second", options);

    await page.conversations.stop(running.id);

    expect(page.answers()).toHaveLength(1);
    expect(await page.conversations.messages.unqueue(running.chatId)).toMatchObject({ text: "Second" });
    expect(await page.conversations.messages.unqueue(running.chatId)).toBeUndefined();
  });
});

describe("a chat's options", () => {
  it("begin with what was chosen for it, and are stored with it", async () => {
    await using server = await startScriptedServer(golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.open(null);
    await page.conversations.chats.configure(null, { model: "p:one", systemPrompt: "Be brief." });

    await page.conversations.messages.send("First", { ...options, model: "p:one" });
    const { chatId } = await page.answer();
    await page.conversations.chats.configure(chatId, { toolsOff: ["research"] });

    expect((await page.storage.chat(chatId))?.options).toEqual({
      model: "p:one",
      systemPrompt: "Be brief.",
      toolsOff: ["research"],
    });
    expect(page.state.getState().newChatOptions).toEqual({});
  });

  it("keep the tools that the chat begins with when another chat changes those of new chats", async () => {
    await using server = await startScriptedServer(golden("plain-text"));
    const page = openPage(server.base, await openBrowser());
    const tools = ["search_web", "research"].map((name) => ({ name, description: "" }));
    page.state.setState({ tools });
    change({ toolsOff: ["research"] });
    await page.conversations.messages.send("First", nextTurnOptions(page.state.getState(), null));
    const { chatId } = await page.answer();

    change({ toolsOff: ["search_web"] });

    expect(nextTurnOptions(page.state.getState(), chatId).tools).toEqual(["search_web"]);
    expect(nextTurnOptions(page.state.getState(), null).tools).toEqual(["research"]);
    change({ toolsOff: [] });
  });

  it("keeps a temporary chat in the page only, until another one is opened", async () => {
    await using server = await startScriptedServer(
      streams(goldenBytes("plain-text")),
      streams(goldenBytes("plain-text")),
    );
    const page = openPage(server.base, await openBrowser());

    page.conversations.makeTemporary(true);
    await page.conversations.messages.send("Secret", options);
    await page.answer();
    await page.conversations.messages.send("More", options);
    await page.answer();

    const { chats, openId } = page.state.getState();
    expect(JSON.parse(server.requests[1]?.body ?? "").messages).toHaveLength(3);
    expect(inListOrder(chats.values())).toEqual([]);
    expect(await page.storage.chats()).toEqual([]);
    expect(await page.storage.allNodes()).toEqual([]);
    expect(await page.storage.runningChats()).toEqual([]);

    await page.conversations.open(null);

    expect(page.state.getState().chats.has(openId ?? "")).toBe(false);
    expect(page.state.getState().newChatTemporary).toBe(false);
    expect(page.nodes()).toEqual([]);
  });

  it("stops the answer of a temporary chat when another one is opened", async () => {
    await using server = await startScriptedServer(
      hangsAfter(until("plain-text", 6)),
      (response) => void response.writeHead(204).end(),
    );
    const page = openPage(server.base, await openBrowser());
    page.conversations.makeTemporary(true);
    await page.conversations.messages.send("Secret", options);
    await page.answer((node) => node.turn.lastEventId === 5);

    await page.conversations.open(null);

    expect(server.requests[1]?.method).toBe("DELETE");
    expect(page.state.getState().chats.size).toBe(0);
  });

  it("sends a message that was queued in a temporary chat", async () => {
    await using server = await startScriptedServer(
      streams(goldenBytes("plain-text")),
      streams(goldenBytes("plain-text")),
    );
    const page = openPage(server.base, await openBrowser());
    page.conversations.makeTemporary(true);
    await page.conversations.messages.send("First", options);
    await page.conversations.messages.queue("Second", options);

    await server.asked(2);

    expect(JSON.parse(server.requests[1]?.body ?? "").messages.at(-1)).toEqual({ role: "user", content: "Second" });
    expect(await page.storage.chats()).toEqual([]);
  });
});
