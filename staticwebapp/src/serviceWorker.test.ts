import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

const source = readFileSync(join(import.meta.dirname, "service-worker.js"), "utf8");

/** Starts the service worker, and clicks a notification of it. */
async function click(pages: readonly object[], address: string) {
  const listeners = new Map<string, (event: object) => void>();
  const close = vi.fn();
  const openWindow = vi.fn(async () => {});
  const self = {
    clients: { matchAll: async () => pages, openWindow },
    addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
  };
  new Function("self", "FILES", "VERSION", source)(self, [], "1");
  let work: Promise<unknown> | undefined;
  listeners.get("notificationclick")?.({
    notification: { close, data: { address } },
    waitUntil: (promise: Promise<unknown>) => {
      work = promise;
    },
  });
  await work;
  return { close, openWindow };
}

/** Starts the service worker, which has stored the page, and opens it. */
function navigate(network: () => Promise<Response>, stored: Response | undefined) {
  const listeners = new Map<string, (event: object) => void>();
  const self = { addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener) };
  const caches = { match: async (key: unknown) => (key === "/" ? stored : undefined) };
  const location = { origin: "https://chat.test" };
  new Function("self", "FILES", "VERSION", "caches", "fetch", "location", source)(
    ...[self, ["/"], "1", caches, network, location],
  );
  let response: Promise<Response> | undefined;
  listeners.get("fetch")?.({
    request: { url: "https://chat.test/", method: "GET", mode: "navigate" },
    respondWith: (promise: Promise<Response>) => {
      response = promise;
    },
  });
  return response;
}

describe("The service worker", () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["the network responds", async () => new Response("new"), "new"],
    ["the server refuses", async () => new Response("no", { status: 403 }), "no"],
    ["there is no network", () => Promise.reject(new TypeError("Failed to fetch")), "stored"],
    ["a gateway responds", async () => new Response("<h1>502</h1>", { status: 502 }), "stored"],
    ["the server is unavailable", async () => new Response("<h1>503</h1>", { status: 503 }), "stored"],
    ["a gateway gives up", async () => new Response("<h1>504</h1>", { status: 504 }), "stored"],
    ["the network hangs", () => new Promise<Response>(() => {}), "stored"],
  ])("opens the page when %s", async (_, network, text) => {
    vi.useFakeTimers();

    const response = navigate(network, new Response("stored"));
    await vi.advanceTimersByTimeAsync(4_000);

    expect(await (await response)?.text()).toBe(text);
  });

  it("waits for the network where the page is not stored", async () => {
    vi.useFakeTimers();
    let respond = (_: Response) => {};
    const response = navigate(() => new Promise((resolve) => (respond = resolve)), undefined);
    await vi.advanceTimersByTimeAsync(4_000);

    respond(new Response("late"));

    expect(await (await response)?.text()).toBe("late");
  });
});

describe("A click on a notification of the service worker", () => {
  it("shows the chat in the page that is open", async () => {
    const page = { focus: vi.fn(async () => {}), navigate: vi.fn(async () => {}) };

    const { close, openWindow } = await click([page], "/#/chat/c");

    expect(page.focus).toHaveBeenCalledOnce();
    expect(page.navigate).toHaveBeenCalledExactlyOnceWith("/#/chat/c");
    expect(openWindow).not.toHaveBeenCalled();
    expect(close).toHaveBeenCalledOnce();
  });

  it("opens the chat where no page is open", async () => {
    const { openWindow } = await click([], "/#/chat/c");

    expect(openWindow).toHaveBeenCalledExactlyOnceWith("/#/chat/c");
  });
});
