import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, eventStream, startScriptedServer } from "../../test/scriptedServer";
import { limitedFetch } from "./limitedFetch";
import { ApiError } from "./problem";

describe("limitedFetch", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ["a read", {}, 15_000],
    ["a read with a limit of its own", { limitMs: 60_000 }, 60_000],
    ["a change", { method: "DELETE" }, 30_000],
    ["a change with a body of a megabyte", { method: "POST", body: "x".repeat(1_000_000) }, 92_500],
  ])("gives up %s whose response does not begin", async (_, init, limitMs) => {
    await using server = await startScriptedServer(() => {});
    const error = limitedFetch(server.base, init).catch((thrown: unknown) => thrown);
    const failed = vi.fn();
    void error.then(failed);
    await server.asked(1);

    await vi.advanceTimersByTimeAsync(limitMs - 1);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);

    expect(await error).toBeInstanceOf(ApiError);
    expect(await error).toMatchObject({ status: 0 });
  });

  it("gives up a body that stops", async () => {
    const stops: Answer = (response) => void response.writeHead(200).write('{"tools":');
    await using server = await startScriptedServer(stops);

    const error = (await limitedFetch(server.base, {})).json().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(140_000);

    expect(await error).toMatchObject({ name: "ApiError", status: 0 });
  });

  it("returns a response without a body as it is", async () => {
    await using server = await startScriptedServer((response) => void response.writeHead(304).end());

    expect((await limitedFetch(server.base, {})).status).toBe(304);
  });

  it("does not limit an event stream that has begun", async () => {
    const silent: Answer = (response) => void response.writeHead(200, eventStream).flushHeaders();
    await using server = await startScriptedServer(silent);

    const response = await limitedFetch(server.base, {});

    expect(response.ok).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends with the caller's signal", async () => {
    await using server = await startScriptedServer(() => {});
    const leave = new AbortController();
    const error = limitedFetch(server.base, { signal: leave.signal }).catch((thrown: unknown) => thrown);
    await server.asked(1);

    leave.abort("left");

    expect(await error).toBe("left");
    expect(vi.getTimerCount()).toBe(0);
  });
});
