import { describe, expect, it, vi } from "vitest";
import { problem, startScriptedServer } from "../../test/scriptedServer";
import { loadSignInConfig, toConfig } from "./config";

const provider = { name: "google", authority: "https://accounts.google.com", client_id: "the-page" };

describe("the sign-in configuration", () => {
  it("names the providers", () => {
    expect(toConfig({ sign_in: { required: true, providers: [provider] } })).toEqual({
      required: true,
      providers: [{ name: "google", authority: "https://accounts.google.com", clientId: "the-page" }],
    });
  });

  it.each([
    null,
    {},
    [],
    "page",
    { sign_in: null },
    { sign_in: { required: "yes", providers: [null, 5, {}, { name: 1 }] } },
  ])("requires no sign-in when it is %j", (body) => {
    expect(toConfig(body)).toEqual({ required: false, providers: [] });
  });

  it("is requested until the server responds", async () => {
    let failures = 0;
    await using server = await startScriptedServer(problem(503, "INTERNAL", "Starting."), (response) => {
      response
        .writeHead(200, { "content-type": "application/json" })
        .end('{"sign_in":{"required":true,"providers":[]}}');
    });

    const count = () => {
      failures += 1;
    };
    const config = await loadSignInConfig(server.base, count, { firstMs: 0, maxMs: 0, maxFailures: 9 });

    expect(config.required).toBe(true);
    expect(failures).toBe(1);
    expect(server.requests.map(({ path }) => path)).toEqual(["/api/config", "/api/config"]);
  });

  it("is requested again when a request hangs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    try {
      await using server = await startScriptedServer(
        () => void vi.advanceTimersByTimeAsync(16_000),
        (response) => void response.writeHead(200).end('{"sign_in":{"required":true}}'),
      );

      const config = await loadSignInConfig(server.base, () => {}, { firstMs: 0, maxMs: 0, maxFailures: 9 });

      expect(config.required).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
