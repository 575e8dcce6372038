import { afterEach, expect, it, vi } from "vitest";
import { type OpenTab, openTab } from "./openTab";

function opened(): Promise<OpenTab> {
  return new Promise((resolve, reject) => {
    openTab(async (tab) => resolve(tab)).catch(reject);
  });
}

afterEach(() => Reflect.deleteProperty(navigator, "locks"));

function stubLocks(locks: object) {
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
}

/** The locks of a browser, as far as tabs use them. */
function fakeLocks() {
  const held = new Map<string, Promise<unknown>>();
  return {
    async request(name: string, ...[options, callback = options]: unknown[]) {
      const before = held.get(name);
      const done = (async () => {
        await before;
        await (callback as (lock: object) => Promise<unknown>)({});
      })();
      held.set(name, done);
      await done;
    },
    query: async () => ({ held: [...held.keys()].map((name) => ({ name })) }),
  };
}

it("A tab is the same after a reload, and a duplicate of it is another one", async () => {
  const { id } = await opened();
  expect(sessionStorage).toHaveLength(0); // what a duplicate of the tab has a copy of

  dispatchEvent(new Event("pagehide"));

  expect((await opened()).id).toBe(id);
  expect(sessionStorage).toHaveLength(0);
});

it("Other tabs are open as long as they hold their locks", async () => {
  const requested: string[] = [];
  stubLocks({
    async request(name: string, ...[options, callback = options]: unknown[]) {
      requested.push(name);
      await (callback as (lock: object) => Promise<unknown>)({});
    },
    query: async () => ({ held: [{ name: "funcchat.tab.a" }], pending: [{ name: "funcchat.tab.b" }] }),
  });

  const { id, isOpen } = await opened();

  expect(requested).toEqual([`funcchat.tab.${id}`, "funcchat.opening"]);
  expect(["a", "b", "c"].map(isOpen)).toEqual([true, true, false]);
});

it("A browser that refuses locks opens the page", async () => {
  const refuse = () => Promise.reject(new DOMException("Refused.", "SecurityError"));
  stubLocks({ request: refuse, query: refuse });
  const unhandled = vi.fn();
  process.once("unhandledRejection", unhandled);

  const { isOpen } = await opened();

  expect(isOpen("a")).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

it("Tabs that open at once start one after the other, so that each knows those before it", async () => {
  stubLocks(fakeLocks());
  const events: string[] = [];
  let firstId = "";
  let goOn = () => {};
  const first = openTab(async ({ id }) => {
    firstId = id;
    events.push("first begins");
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    events.push("first has started");
  });
  const second = openTab(async ({ isOpen }) => void events.push(`second begins, first is open: ${isOpen(firstId)}`));
  await new Promise((resolve) => setImmediate(resolve));

  goOn();
  await Promise.all([first, second]);

  expect(events).toEqual(["first begins", "first has started", "second begins, first is open: true"]);
});
