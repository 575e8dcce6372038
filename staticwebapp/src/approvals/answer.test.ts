import { describe, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { type Answer, eventStream, problem, startScriptedServer, streams } from "../../test/scriptedServer";
import { waitsForUser } from "../chat/shownAnswers";

const bytes = (text: string) => new TextEncoder().encode(text);

const begun =
  'id: 1\nevent: status\ndata: {"status":"processing","turn_id":"t","model":"m","provider":"p","has_tools":true}';
const asked = [
  'id: 2\nevent: approval_request\ndata: {"id":"req_1","call_id":"a","name":"send_mail","arguments":"{}","expires_at":"2026-01-02T00:00:00Z","allows_always":true}',
  'id: 3\nevent: parked\ndata: {"waiting":["req_1"],"at":"2026-01-01T00:00:00Z"}\n\n',
].join("\n\n");
const parked = bytes(`${begun}\n\n${asked}`);

const rest = bytes(
  [
    'id: 4\nevent: request_answered\ndata: {"id":"req_1","type":"approve","by":"ada","at":"2026-01-01T00:00:00Z"}',
    'id: 5\nevent: complete\ndata: {"status":"success","messages":[],"iterations":1,"usage":{"input_tokens":1,"output_tokens":1}}\n\n',
  ].join("\n\n"),
);

const receipt: Answer = (response) =>
  void response
    .writeHead(200, { "content-type": "application/json" })
    .end('{"turn_id":"t","request_id":"req_1","type":"approve"}');

const options = { tools: ["send_mail"] };

describe("Answer to a request of a turn", () => {
  it("is sent once, and the turn is followed from its next event", async () => {
    await using server = await startScriptedServer(streams(parked), receipt, streams(rest));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const waiting = await page.answer((node) => node.turn.parked === true);

    await page.conversations.answer(waiting, { type: "approve", request_id: "req_1" });
    const answer = await page.answer();

    expect(answer.turn).toMatchObject({ status: "complete", requests: [] });
    expect(server.requests[1]).toMatchObject({ method: "POST", path: `/api/turns/${waiting.id}/signals` });
    expect(JSON.parse(server.requests[1]?.body ?? "")).toEqual({ type: "approve", request_id: "req_1" });
    expect(server.requests[2]).toMatchObject({ method: "GET", lastEventId: "3" });
  });

  it("is sent with arguments and content as they are written", async () => {
    await using server = await startScriptedServer(streams(parked), receipt, streams(rest));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const waiting = await page.answer((node) => node.turn.parked === true);

    const content = '{"b":1e400}';
    await page.conversations.answer(waiting, { type: "approve", request_id: "r", arguments: '{ "a": 1.0 }', content });

    expect(server.requests[1]?.body).toBe(
      '{"type":"approve","request_id":"r","arguments":{ "a": 1.0 },"content":{"b":1e400}}',
    );
  });

  it("is asked for again when the server refuses it, and the reason is shown", async () => {
    const nothing: Answer = (response) => void response.writeHead(200, eventStream).end();
    await using server = await startScriptedServer(streams(parked), problem(409, "CONFLICT", "Expired."), nothing);
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const waiting = await page.answer((node) => node.turn.parked === true);

    await page.conversations.answer(waiting, { type: "approve", request_id: "req_1" });
    await server.asked(3);

    expect(page.troubles).toEqual(["Expired."]);
    expect(page.waited).toEqual([waiting.id]); // announced once
    expect(page.answers()[0]?.turn).toMatchObject({ parked: true, requests: [{ id: "req_1" }] });
  });

  it("for always is sent with the later questions of the chat", async () => {
    await using server = await startScriptedServer(streams(parked), receipt, streams(rest));
    const page = openPage(server.base, await openBrowser());
    await page.conversations.messages.send("Hello", options);
    const waiting = await page.answer((node) => node.turn.parked === true);

    await page.conversations.answer(waiting, { type: "approve", request_id: "req_1", always: true }, "send_mail");

    expect(page.state.getState().chats.get(waiting.chatId)?.options).toEqual({ approvedTools: ["send_mail"] });
  });

  /** A page whose answer begins, is stored, and then waits for the user, with a clock that does not advance. */
  async function openParked() {
    let page: ReturnType<typeof openPage> | undefined;
    const begins: Answer = async (response) => {
      response.writeHead(200, eventStream).write(`${begun}\n\n`);
      await page?.saved(2);
      response.end(asked);
    };
    const server = await startScriptedServer(begins, receipt, streams(rest));
    const browser = await openBrowser();
    page = openPage(server.base, browser, () => 0);
    const other = openPage(server.base, browser);
    await page.conversations.messages.send("Hello", options);
    const node = await page.answer(({ turn }) => turn.parked === true);
    await page.saved(3);
    return { server, page, node, other, isMarked: () => waitsForUser(other.state.getState(), node.chatId) };
  }

  it("marks the chat in another tab while this one follows it", async () => {
    const { server, page, node, other, isMarked } = await openParked();
    await using _ = server;

    await other.conversations.reload(node.chatId);
    expect(isMarked()).toBe(true);
    await page.conversations.answer(node, { type: "approve", request_id: "req_1" });
    await page.answer();
    await page.saved(4);
    await other.conversations.reload(node.chatId);

    expect(isMarked()).toBe(false);
  });

  it("marks the chat in a tab that opens while another one follows it", async () => {
    const { server, other, isMarked } = await openParked();
    await using _ = server;
    const request = (_name: string, _options: object, action: (lock: null) => Promise<void>) => action(null);
    vi.stubGlobal("navigator", { locks: { request } });

    await other.conversations.start();
    vi.unstubAllGlobals();

    await vi.waitFor(() => expect(isMarked()).toBe(true));
    expect(server.requests.length).toBe(1);
  });
});
