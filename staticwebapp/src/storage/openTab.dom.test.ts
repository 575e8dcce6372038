import { afterEach, expect, it, vi } from "vitest";
import { openTab } from "./openTab";

afterEach(() => Reflect.deleteProperty(navigator, "locks"));

function stubLocks(locks: { request: (name: string) => Promise<unknown>; query: () => Promise<object> }) {
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
}

it("A tab is the same after a reload, and a duplicate of it is another one", async () => {
  const { id } = await openTab();
  expect(sessionStorage).toHaveLength(0); // what a duplicate of the tab has a copy of

  dispatchEvent(new Event("pagehide"));

  expect((await openTab()).id).toBe(id);
  expect(sessionStorage).toHaveLength(0);
});

it("Other tabs are open as long as they hold their locks", async () => {
  const requested: string[] = [];
  stubLocks({
    request: async (name) => requested.push(name),
    query: async () => ({ held: [{ name: "funcchat.tab.a" }], pending: [{ name: "funcchat.tab.b" }] }),
  });

  const { id, isOpen } = await openTab();

  expect(requested).toEqual([`funcchat.tab.${id}`]);
  expect(["a", "b", "c"].map(isOpen)).toEqual([true, true, false]);
});

it("A browser that refuses locks opens the page", async () => {
  const refuse = () => Promise.reject(new DOMException("Refused.", "SecurityError"));
  stubLocks({ request: refuse, query: refuse });
  const unhandled = vi.fn();
  process.once("unhandledRejection", unhandled);

  const { isOpen } = await openTab();

  expect(isOpen("a")).toBe(false);
  await new Promise((resolve) => setImmediate(resolve));
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});
