import { describe, expect, it, vi } from "vitest";
import { type Answer, breaksAfter, problem, startScriptedServer, streams } from "../../test/scriptedServer";
import { createApi } from "../api/client";
import { searchEvents } from "../api/events";
import type { SearchRequest } from "../api/requests";
import { emptySearch, reduceSearch } from "../search/searchView";
import { StandaloneTurn } from "./standaloneTurn";

const request: SearchRequest = { turn_id: "search-1", queries: ["tides"], max_results: 5, include_content: false };
const event = (id: number, name: string, data: object) =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
const started = event(1, "search_start", { turn_id: "search-1", queries: ["tides"], max_results: 5 });
const found = event(2, "search_result", { query: "tides", index: 0, count: 0, results: [] });
const complete = event(3, "complete", { status: "success", results: [] });
const cancelled = event(3, "error", { error: "Stopped.", code: "CANCELLED", retryable: false });
const bytes = (...events: string[]) => new TextEncoder().encode(events.join(""));
const stopped: Answer = (response) => void response.writeHead(204).end();

/** The tab's storage: what one page keeps and the next one finds. */
function openTab() {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => void values.set(name, value),
  };
}

function openRun(base: string, tabStorage = openTab()) {
  const api = createApi(base);
  return new StandaloneTurn({
    api,
    events: searchEvents,
    start: api.startSearch,
    empty: emptySearch,
    reduce: reduceSearch,
    tabStorage,
    name: "search",
    backoff: { firstMs: 0, maxMs: 0, maxFailures: 2 },
  });
}

describe("StandaloneTurn", () => {
  it("folds the events of the turn to its end", async () => {
    await using server = await startScriptedServer(streams(bytes(started, found, complete)));
    const run = openRun(server.base);

    await run.start(request);

    expect(run.state.getState()).toMatchObject({ status: "complete", view: { queries: [{ pages: [] }], best: [] } });
    expect(server.requests).toMatchObject([{ method: "POST", path: "/api/search" }]);
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(request);
  });

  it("continues from the next event when the connection breaks", async () => {
    await using server = await startScriptedServer(breaksAfter(bytes(started)), streams(bytes(found, complete)));
    const run = openRun(server.base);

    await run.start(request);

    expect(run.state.getState().status).toBe("complete");
    expect(server.requests[1]).toMatchObject({ method: "GET", path: "/api/chat/search-1", lastEventId: "1" });
  });

  it("shows the same turn again after a reload", async () => {
    await using server = await startScriptedServer(
      streams(bytes(started, found, complete)),
      streams(bytes(started, found, complete)),
    );
    const tab = openTab();
    await openRun(server.base, tab).start(request);

    const reloaded = openRun(server.base, tab);
    await reloaded.restore();

    expect(reloaded.state.getState()).toMatchObject({ status: "complete", request });
    expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
  });

  it("has nothing to restore in a new tab, or from what is no request", async () => {
    const tab = openTab();
    tab.setItem("search", "{oops");
    const run = openRun("http://127.0.0.1:1", tab);

    await run.restore();

    expect(run.state.getState().status).toBe("idle");
  });

  it("starts another turn while the server does not respond to the stop of the one before", async () => {
    await using server = await startScriptedServer(
      (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(bytes(started)),
      () => void vi.advanceTimersByTimeAsync(1_000),
      streams(bytes(started, found, complete)),
    );
    const run = openRun(server.base);
    const shown = new Promise<void>((resolve) => {
      run.state.subscribe(({ view }) => view.queries.length > 0 && resolve());
    });
    void run.start(request);
    await shown;
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await run.start({ ...request, turn_id: "search-2" });

      expect(run.state.getState().status).toBe("complete");
      expect(server.requests.map(({ method }) => method)).toEqual(["POST", "DELETE", "POST"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("stops the turn on the server and keeps what has come", async () => {
    let end = () => {};
    const endless: Answer = (response) => {
      end = () => void response.end(bytes(cancelled));
      response.writeHead(200, { "content-type": "text/event-stream" }).write(bytes(started));
    };
    const stops: Answer = (response, seen) => {
      stopped(response, seen);
      end();
    };
    await using server = await startScriptedServer(endless, stops);
    const run = openRun(server.base);
    const shown = new Promise<void>((resolve) => {
      run.state.subscribe(({ view }) => view.queries.length > 0 && resolve());
    });
    const ended = run.start(request);
    await shown;

    await run.stop();
    await ended;

    expect(run.state.getState()).toMatchObject({ status: "stopped", view: { queries: [{ query: "tides" }] } });
    expect(server.requests[1]).toMatchObject({ method: "DELETE", path: "/api/chat/search-1" });
  });

  it("stops a turn on the server whose start was not answered yet, and shows nothing more of it", async () => {
    let answerStart = () => {};
    let end = () => {};
    const begins: Answer = (response) => {
      answerStart = () => void response.writeHead(200, { "content-type": "text/event-stream" }).write(bytes(started));
      end = () => void response.end(bytes(cancelled));
    };
    const stops: Answer = (response, seen) => {
      stopped(response, seen);
      end();
    };
    const unknownYet: Answer = (response, seen) => {
      problem(404, "NOT_FOUND", "This turn is not known.")(response, seen);
      answerStart();
    };
    await using server = await startScriptedServer(begins, unknownYet, stops);
    const run = openRun(server.base);
    const ended = run.start(request);
    await server.asked(1);

    await run.stop();
    await ended;

    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "DELETE", "DELETE"]);
    expect(run.state.getState()).toMatchObject({ status: "stopped", view: { queries: [] } });
  });

  it("says why the server refused", async () => {
    await using server = await startScriptedServer(problem(400, "INVALID_REQUEST", "A query is too long."));
    const run = openRun(server.base);

    await run.start(request);

    expect(run.state.getState()).toMatchObject({ status: "failed", failure: { message: "A query is too long." } });
  });

  it("ends as failed when the turn ends in an error", async () => {
    const error = event(2, "error", { error: "All searches failed.", code: "UPSTREAM_ERROR", retryable: true });
    await using server = await startScriptedServer(streams(bytes(started, error)));
    const run = openRun(server.base);

    await run.start(request);

    expect(run.state.getState()).toMatchObject({ status: "failed", failure: { message: "All searches failed." } });
  });
});
