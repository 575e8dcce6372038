import { afterEach, expect, it, vi } from "vitest";
import type { SignIn } from "./signin/signIn";
import { startServices } from "./startServices";

const signIn = { session: {} } as SignIn;

afterEach(() => void vi.doUnmock("./sync/openSync"));

it("reports a part of the page that can't be loaded as such, and joins the other tabs only when it is loaded", async () => {
  const join = vi.fn();
  vi.stubGlobal("BroadcastChannel", join);
  vi.doMock("./sync/openSync", () => {
    throw new TypeError("Failed to fetch dynamically imported module");
  });

  const error: unknown = await startServices(Promise.resolve(""), signIn).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(Error);
  expect(join).not.toHaveBeenCalled();
});
