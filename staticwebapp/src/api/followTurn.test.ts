import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { goldenBytes } from "../../test/golden";
import {
  type Answer,
  breaksAfter,
  eventStream,
  problem,
  startScriptedServer,
  streams,
} from "../../test/scriptedServer";
import { createApi } from "./client";
import { ProtocolError } from "./decoder";
import { type TurnEvent, turnEvents } from "./events";
import { type Connection, type FollowOptions, followTurn } from "./followTurn";
import { ApiError } from "./problem";
import type { TurnRequest } from "./requests";

const turnId = "golden-plain-text";
const request: TurnRequest = { turn_id: turnId, messages: [{ role: "user", content: "Grüße" }] };
const soon = { firstMs: 0, maxMs: 0, maxFailures: 3 };
const whole = goldenBytes("plain-text");

/** The stream from the event after `id` on, as the server sends it to a follower. */
function streamAfter(id: number, idOf = (sent: number) => sent): Uint8Array {
  const text = new TextDecoder().decode(whole);
  const rest = text.slice(text.indexOf(`id: ${id + 1}\n`));
  return new TextEncoder().encode(
    `retry: 0\n\n${rest.replace(/^id: (\d+)$/gm, (_, sent) => `id: ${idOf(Number(sent))}`)}`,
  );
}

async function follow(script: Answer[], options: Partial<FollowOptions<TurnEvent>> = {}) {
  await using server = await startScriptedServer(...script);
  const api = createApi(server.base);
  const events: TurnEvent[] = [];
  const connections: Connection[] = [];
  let error: unknown;
  try {
    for await (const batch of followTurn({
      api,
      events: turnEvents,
      turnId,
      start: (until) => api.startTurn(request, until),
      after: 0,
      signal: new AbortController().signal,
      backoff: soon,
      onConnection: (connection) => {
        if (connections.at(-1) !== connection) {
          connections.push(connection);
        }
      },
      ...options,
    })) {
      events.push(...batch);
    }
  } catch (caught) {
    error = caught;
  }
  const asked = server.requests.map(({ method, lastEventId }) => `${method} ${lastEventId ?? "-"}`);
  return { ids: events.map((event) => event.id), connections, error, asked, requests: server.requests };
}

const all = Array.from({ length: 14 }, (_, index) => index + 1);
/** Without `retry:`, so that the test's own backoff applies. */
const head = (bytes: Uint8Array, end: number) => bytes.subarray("retry: 1000\n\n".length, end);

describe("followTurn", () => {
  it("posts the turn and yields its events to the end", async () => {
    const turn = await follow([streams(whole)]);

    expect(turn).toMatchObject({ ids: all, asked: ["POST -"], error: undefined, connections: ["connecting", "open"] });
    expect(JSON.parse(turn.requests[0]?.body ?? "")).toEqual(request);
  });

  it("resumes after the last complete event when the connection is cut in the middle of one", async () => {
    const cut = new TextDecoder("latin1").decode(whole).indexOf("id: 6\n") + 25;

    const turn = await follow([breaksAfter(head(whole, cut)), streams(streamAfter(5))]);

    expect(turn).toMatchObject({ ids: all, asked: ["POST -", "GET 5"], error: undefined });
    expect(turn.connections).toEqual(["connecting", "open", "reconnecting", "open"]);
  });

  it("resumes when the body ends before the turn does", async () => {
    const cut = new TextDecoder("latin1").decode(whole).indexOf("id: 4\n");

    expect(await follow([streams(head(whole, cut)), streams(streamAfter(3))])).toMatchObject({
      ids: all,
      asked: ["POST -", "GET 3"],
    });
  });

  it("yields no event twice when the server sends some again", async () => {
    const cut = new TextDecoder("latin1").decode(whole).indexOf("id: 4\n");

    expect((await follow([breaksAfter(head(whole, cut)), streams(streamAfter(1))])).ids).toEqual(all);
  });

  it("posts again when the connection was cut before the first event", async () => {
    const turn = await follow([(response) => void response.destroy(), streams(whole)]);

    expect(turn).toMatchObject({ ids: all, asked: ["POST -", "POST -"] });
    expect(turn.requests[0]?.body).toBe(turn.requests[1]?.body);
  });

  it("follows without posting when it knows some events already", async () => {
    expect(await follow([streams(streamAfter(9))], { after: 9 })).toMatchObject({
      ids: [10, 11, 12, 13, 14],
      asked: ["GET 9"],
    });
  });

  it("follows the turn that is there when the server knows the id with another body", async () => {
    const turn = await follow([problem(409, "INVALID_REQUEST", "Another body."), streams(whole)]);

    expect(turn).toMatchObject({ ids: all, asked: ["POST -", "GET 0"], error: undefined });
  });

  it("waits for a gateway whose server is starting", async () => {
    const gateway: Answer = (response) => void response.writeHead(503).end("<html>starting</html>");

    expect(await follow([gateway, streams(whole)])).toMatchObject({ ids: all, error: undefined });
  });

  it("tries again after a busy server when the turn is under way", async () => {
    const busy = problem(429, "RATE_LIMITED", "Slow down.", { "retry-after": "0" });

    expect(await follow([busy, streams(streamAfter(9))], { after: 9 })).toMatchObject({ asked: ["GET 9", "GET 9"] });
  });

  it("does not repeat a start that the server refused", async () => {
    const turn = await follow([problem(429, "RATE_LIMITED", "Slow down.", { "retry-after": "7" })]);

    expect(turn.asked).toEqual(["POST -"]);
    expect(turn.error).toMatchObject({ code: "RATE_LIMITED", message: "Slow down.", retryAfterMs: 7000 });
  });

  it.each([
    ["400", problem(400, "INVALID_REQUEST", "No such model."), { code: "INVALID_REQUEST", message: "No such model." }],
    ["404", problem(404, "NOT_FOUND", "Expired."), { code: "NOT_FOUND", status: 404 }],
    ["401 without a problem", (r) => void r.writeHead(401).end(), { code: "UNAUTHORIZED", status: 401 }],
    ["204", (r) => void r.writeHead(204).end(), { code: "NOT_FOUND", status: 204 }],
  ] as [string, Answer, object][])("ends with a typed error on %s", async (_, answer, expected) => {
    const turn = await follow([answer], { after: 3 });

    expect(turn.error).toBeInstanceOf(ApiError);
    expect(turn.error).toMatchObject(expected);
    expect(turn.asked).toHaveLength(1);
  });

  it("returns when a parked turn still waits, and ends with an error when it no longer exists", async () => {
    const waits = await follow([(r) => void r.writeHead(204).end()], { after: 3, parked: true });
    expect(waits).toMatchObject({ ids: [], asked: ["GET 3"], error: undefined });

    const expired = await follow([problem(404, "NOT_FOUND", "Expired.")], { after: 3, parked: true });
    expect(expired.error).toMatchObject({ code: "NOT_FOUND", status: 404 });
  });

  it("gives up when the server stays unreachable", async () => {
    const broken: Answer = (response) => void response.destroy();

    const turn = await follow(Array.from({ length: 9 }, () => broken));

    expect(turn.error).toMatchObject({ status: 0, retryable: true });
    expect(turn.asked).toHaveLength(soon.maxFailures + 1);
  });

  it("does not give up on a silent turn whose connections stay open for a while before they are cut", async () => {
    let time = 0;
    let onOpen = () => {};
    const cutLater: Answer = (response) => {
      onOpen = () => {
        onOpen = () => {};
        time += 60_000;
        response.write(": keep-alive\n\n", () => response.destroy());
      };
      response.writeHead(200, eventStream).write(": keep-alive\n\n");
    };

    const turn = await follow([...Array.from({ length: 8 }, () => cutLater), streams(streamAfter(3))], {
      after: 3,
      now: () => time,
      onConnection: (connection) => connection === "open" && onOpen(),
    });

    expect(turn).toMatchObject({ ids: all.slice(3), error: undefined });
    expect(turn.asked).toHaveLength(9);
  });

  it("refuses a response that is not an event stream", async () => {
    const page: Answer = (response) =>
      void response.writeHead(200, { "content-type": "text/html" }).end("<html></html>");

    expect((await follow([page])).error).toBeInstanceOf(ProtocolError);
  });

  it("continues after a gap, which another instance leaves that took the turn over", async () => {
    const cut = new TextDecoder("latin1").decode(whole).indexOf("id: 6\n");

    const turn = await follow([breaksAfter(head(whole, cut)), streams(streamAfter(5, (id) => id + 10_000))]);

    expect(turn).toMatchObject({
      ids: all.map((id) => (id > 5 ? id + 10_000 : id)),
      asked: ["POST -", "GET 5"],
      error: undefined,
    });
  });

  it("refuses a stream that goes back", async () => {
    expect((await follow([streams(streamAfter(0, (id) => (id < 4 ? id : 20 - id)))])).error).toBeInstanceOf(
      ProtocolError,
    );
  });

  it("treats a connection that stays silent as dead", async () => {
    const silent: Answer = (response) => void response.writeHead(200, eventStream).flushHeaders();

    const turn = await follow([silent, streams(whole), streams(whole), streams(whole)], { silenceMs: 100 });

    expect(turn.ids).toEqual(all);
    expect(turn.asked.slice(0, 2)).toEqual(["POST -", "POST -"]);
  });

  it.each([
    ["a start", 0, "POST -", 31_000],
    ["a resume", 9, "GET 9", 16_000],
  ])("repeats %s whose response never begins", async (_, after, asked, limitMs) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    try {
      const hangs: Answer = () => void vi.advanceTimersByTimeAsync(limitMs);

      const turn = await follow([hangs, streams(streamAfter(after))], { after });

      expect(turn).toMatchObject({ ids: all.slice(after), asked: [asked, asked], error: undefined });
    } finally {
      vi.useRealTimers();
    }
  });

  it("says that it reconnects until the first byte of a resume", async () => {
    expect((await follow([streams(streamAfter(9))], { after: 9 })).connections).toEqual(["reconnecting", "open"]);
  });

  it("lets the server end the stream after the last event", async () => {
    let stream: ServerResponse | undefined;
    const endsLater: Answer = (response) => {
      stream = response;
      response.writeHead(200, eventStream).write(whole);
    };
    await using server = await startScriptedServer(endsLater, (response) => void response.end());
    const api = createApi(server.base);
    const signal = new AbortController().signal;

    for await (const _ of followTurn({ api, events: turnEvents, turnId, after: 0, signal })) {
      // to its end
    }
    await fetch(server.base); // when this is answered, the server has noticed a stream that was cut before

    expect(stream?.destroyed).toBe(false);
  });

  it("ends without an error and closes the connection when it is aborted", async () => {
    const abort = new AbortController();
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const endless: Answer = (response) => {
      response.on("close", close);
      response.writeHead(200, eventStream).write(head(whole, 200));
    };
    await using server = await startScriptedServer(endless);
    const api = createApi(server.base);

    let batches = 0;
    for await (const _ of followTurn({
      api,
      events: turnEvents,
      turnId,
      start: (until) => api.startTurn(request, until),
      after: 0,
      signal: abort.signal,
    })) {
      batches += 1;
      abort.abort();
    }

    await closed;
    expect(batches).toBe(1);
    expect(server.requests).toHaveLength(1);
  });
});

describe("followTurn without a network", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it("waits until the browser is back online, however often it fails until then", async () => {
    const network = new EventTarget();
    const tries: string[] = [];
    const online = { onLine: false };
    vi.stubGlobal("navigator", online);
    vi.stubGlobal("addEventListener", network.addEventListener.bind(network));
    vi.stubGlobal("removeEventListener", network.removeEventListener.bind(network));
    const broken: Answer = (response) => {
      tries.push("broken");
      online.onLine = tries.length === soon.maxFailures + 2;
      response.destroy();
    };

    const turn = await follow([...Array.from({ length: soon.maxFailures + 2 }, () => broken), streams(whole)], {
      onConnection: (connection) => {
        if (connection === "reconnecting") {
          setImmediate(() => network.dispatchEvent(new Event("online")));
        }
      },
    });

    expect(turn).toMatchObject({ ids: all, error: undefined });
  });
});
