// @vitest-environment jsdom
import "../test/setup";
import { afterEach, expect, it, vi } from "vitest";
import type { SignIn } from "./signin/signIn";
import { startServices } from "./startServices";
import { StorageUnavailable } from "./storage/storageUnavailable";

const joined = vi.hoisted(() => vi.fn());
vi.mock("./storage/tabs", async (original) => ({
  ...(await original<typeof import("./storage/tabs")>()),
  joinTabs: joined,
}));
vi.mock("./sync/openSync", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});

const signIn = { session: {} } as SignIn;

afterEach(() => vi.unstubAllGlobals());

it("reports a part of the page that can't be loaded as such, and joins the other tabs only when it is loaded", async () => {
  const error: unknown = await startServices(Promise.resolve(""), signIn).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(StorageUnavailable);
  expect(joined).not.toHaveBeenCalled();
});

it("reports a browser that provides no database", async () => {
  vi.stubGlobal("indexedDB", undefined);

  await expect(startServices(Promise.resolve(""), undefined)).rejects.toBeInstanceOf(StorageUnavailable);
});
