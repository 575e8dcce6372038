import { afterEach, expect, it } from "vitest";
import { forgetDraftsBut, keepDraft, readDraft } from "./drafts";
import { openTab } from "./openTab";
import { keepForLast, knowsOwner } from "./owner";
import { ensureStorage } from "./usableStorage";

const names = ["localStorage", "sessionStorage"] as const;
const own = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);

afterEach(() => {
  for (const [name, descriptor] of own) {
    Object.defineProperty(globalThis, name, descriptor as PropertyDescriptor);
  }
});

const refused = () => {
  throw new DOMException("Access is denied for this document.", "SecurityError");
};

it.each<[string, PropertyDescriptor]>([
  ["refuses storage", { get: refused }],
  ["has none", { value: null }],
])("The page works until it is closed in a browser that %s", async (_, descriptor) => {
  for (const name of names) {
    Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
  }
  ensureStorage();

  keepForLast();
  expect(knowsOwner()).toBe(false);
  await openTab(async () => {});
  keepDraft("c", "text");
  forgetDraftsBut(new Map([["c", {}]]));
  expect(readDraft("c")).toBe("text");
});

it("Storage that the browser provides stays as it is", () => {
  const before = names.map((name) => globalThis[name]);

  ensureStorage();

  expect(names.map((name) => globalThis[name])).toEqual(before);
});
