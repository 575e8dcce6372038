import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { chatId, said, saveChat } from "../../test/exchangeFixture";
import { until } from "../../test/golden";
import { type Answer, eventStream, hangsAfter, problem, startScriptedServer } from "../../test/scriptedServer";
import { newChat } from "./chat";
import { assistantNode, type UserNode } from "./tree";

const options = { tools: [] };

afterEach(() => {
  vi.useRealTimers();
});

describe("Stop", () => {
  it("stops the turn on the server and keeps the text so far", async () => {
    await using server = await startScriptedServer(
      hangsAfter(until("plain-text", 8)),
      (r) => void r.writeHead(204).end(),
    );
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const running = await page.answer((node) => node.turn.lastEventId === 7);

    await page.conversations.stop(running.id);

    expect(server.requests[1]).toMatchObject({ method: "DELETE", path: `/api/chat/${running.id}` });
    expect(page.answers()[0]?.turn).toMatchObject({ status: "stopped", lastEventId: 7 });
    expect(page.troubles).toEqual([]);
  });

  it("lets the server end the stream of a turn that was stopped", async () => {
    let stream: ServerResponse | undefined;
    const begins: Answer = (response) => {
      stream = response;
      response.writeHead(200, eventStream).write(until("plain-text", 8));
    };
    const stops: Answer = (response) => void response.writeHead(204).end();
    await using server = await startScriptedServer(begins, stops, stops);
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const running = await page.answer((node) => node.turn.lastEventId === 7);

    await page.conversations.stop(running.id);
    await fetch(server.base); // when this is answered, the server has noticed a stream that was cut before

    expect(stream?.destroyed).toBe(false);
    stream?.end('id: 8\nevent: error\ndata: {"error":"Stopped.","code":"CANCELLED","retryable":false}\n\n');
    await once(stream as ServerResponse, "close");
    expect(page.answers()[0]?.turn).toMatchObject({ status: "stopped", lastEventId: 7 });
  });

  it("stops a turn on the server that was stopped here before the response to its start", async () => {
    let answerStart = () => {};
    const begins: Answer = (response) => {
      answerStart = () => void response.writeHead(200, eventStream).write(until("plain-text", 3));
    };
    const unknownYet: Answer = (response, request) => {
      problem(404, "NOT_FOUND", "This turn is not known.")(response, request);
      answerStart();
    };
    await using server = await startScriptedServer(begins, unknownYet, (r) => void r.writeHead(204).end());
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const running = await page.answer(() => true);
    await server.asked(1);

    const stopping = page.conversations.stop(running.id);
    expect(page.answers()[0]?.turn.status).toBe("stopped");
    expect(page.state.getState().connections.size).toBe(0);
    await stopping;

    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "DELETE", "DELETE"]);
    expect(page.answers()[0]?.turn).toMatchObject({ status: "stopped", parts: [] });
    expect(page.troubles).toEqual([]);
  });

  it("stops a turn on the server that was stopped here before it was sent", async () => {
    const notFound = problem(404, "NOT_FOUND", "This turn is not known.");
    const ended: Answer = (r) => void r.writeHead(204).end();
    const begins = hangsAfter(until("plain-text", 3));
    const byMethod: Answer = (response, request) =>
      (request.method === "POST" ? begins : server.requests.length === 1 ? notFound : ended)(response, request);
    await using server = await startScriptedServer(byMethod, byMethod, byMethod);
    const page = openPage(server.base, await openBrowser());

    const sending = page.conversations.messages.send("Hello", options);
    await page.conversations.stop(page.answers()[0]?.id ?? "");
    await sending;

    expect(server.requests.at(-1)?.method).toBe("DELETE");
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(page.answers()[0]?.turn).toMatchObject({ status: "stopped", parts: [] });
    expect((await page.storage.allNodes()).find(({ role }) => role === "assistant")).toMatchObject({
      turn: { status: "stopped" },
    });
  });

  it("reports when the server could not be notified", async () => {
    await using server = await startScriptedServer(hangsAfter(until("plain-text", 4)), problem(500, "INTERNAL", "No."));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const running = await page.answer((node) => node.turn.lastEventId > 0);

    await page.conversations.stop(running.id);

    expect(page.answers()[0]?.turn.status).toBe("stopped");
    expect(page.troubles).toHaveLength(1);
  });

  it("stops answers of chats that are not open when all chats are deleted", async () => {
    await using server = await startScriptedServer((r) => void r.writeHead(204).end());
    const page = openPage(server.base, await openBrowser());
    const running = assistantNode({ id: "answer-01", chatId, parentId: "question-1", createdAt: 2 }, { tools: [] });
    const chat = { ...newChat(chatId, "question-1", 0), leafId: running.id };
    await saveChat(page.storage, chat, [said("question-1", null, 1), running]);
    page.state.setState({ chats: new Map([[chatId, chat]]) });

    await page.conversations.chats.removeAll();

    expect(server.requests).toMatchObject([{ method: "DELETE", path: "/api/chat/answer-01" }]);
    expect(await page.storage.chats()).toEqual([]);
    expect(await page.storage.runningChats()).toEqual([]);
  });

  it.each([
    ["a chat", (page: Page) => page.conversations.chats.remove(page.chatId)],
    ["all chats", (page: Page) => page.conversations.chats.removeAll()],
    ["a message", (page: Page) => page.conversations.deletions.deleteFrom(page.question)],
    ["a message and its answer alone", (page: Page) => page.conversations.deletions.deleteExchange(page.question)],
    [
      "a chat that another tab has deleted",
      async (page: Page) => {
        await page.storage.removeAll([page.chatId]);
        await page.conversations.reload(page.chatId);
      },
    ],
  ])("does not keep %s from being deleted while the server does not respond to it", async (_, remove) => {
    await using server = await startScriptedServer(
      hangsAfter(until("plain-text", 8)),
      () => void vi.advanceTimersByTimeAsync(1_000),
    );
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const { chatId: id } = await page.answer((node) => node.turn.lastEventId === 7);
    const question = page.nodes().find((node) => node.role === "user") as UserNode;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });

    await remove({ ...page, chatId: id, question });

    expect(server.requests.at(-1)?.method).toBe("DELETE");
    expect(page.nodes()).toEqual([]);
    expect(await page.storage.allNodes()).toEqual([]);
  });
});

interface Page extends Pick<ReturnType<typeof openPage>, "conversations" | "storage"> {
  readonly chatId: string;
  readonly question: UserNode;
}
