import { afterEach, expect, it, vi } from "vitest";
import { type Answer, startScriptedServer } from "../../test/scriptedServer";
import { createApi } from "../api/client";
import { loadApiBase } from "../api/config";
import { isPublic } from "../share/sharedIn";
import { loadCapabilities } from "./capabilities";
import { createChatState } from "./state";

const hangs = () => void vi.advanceTimersByTimeAsync(16_000);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("The page asks for the server's tools again when a request for them hangs", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  let asked = 0;
  const answer: Answer = (response, { path }) => {
    asked += path === "/api/tools" ? 1 : 0;
    if (path === "/api/tools" && asked === 1) {
      hangs();
    } else {
      response.writeHead(200, { "content-type": "application/json" }).end('{"tools":[{"name":"search"}]}');
    }
  };
  await using server = await startScriptedServer(...Array.from({ length: 6 }, () => answer));
  const state = createChatState();

  await loadCapabilities(createApi(server.base), state);

  expect(asked).toBe(2);
  expect(state.getState().tools).toEqual([{ name: "search" }]);
});

it("The page opens with its own origin when the request for the API's address hangs", async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => {
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });

  const base = loadApiBase();
  await vi.advanceTimersByTimeAsync(15_000);
  const shared = isPublic(base);
  await vi.advanceTimersByTimeAsync(15_000);

  expect(await base).toBe("");
  expect(await shared).toBe(false);
});
