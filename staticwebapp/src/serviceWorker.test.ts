import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

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
