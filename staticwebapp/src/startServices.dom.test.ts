import { afterEach, expect, it, vi } from "vitest";
import { newChat } from "./chat/chat";
import { userNode } from "./chat/tree";
import { strings } from "./i18n/strings";
import type { SignIn } from "./signin/signIn";
import { startServices } from "./startServices";
import { toast } from "./toast";

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

it("keeps chats for the visit where the browser provides no database, and says so once", async () => {
  const said = vi.spyOn(toast, "warning").mockReturnValue();
  vi.stubGlobal("indexedDB", undefined);

  const { conversations, storage } = await startServices(Promise.resolve(""), undefined);
  const nodes = [userNode({ id: "q", chatId: "c", parentId: null, createdAt: 0 }, "Why?")];
  const isStored = await conversations.chats.addAll([{ chat: { ...newChat("c", "Tides", 0), leafId: "q" }, nodes }]);

  expect(isStored).toBe(true);
  expect(await storage.nodes("c")).toEqual(nodes);
  expect(said).toHaveBeenCalledExactlyOnceWith(strings.nothingKept, expect.anything());
});

it("does not start without the chats of a database that a newer page has changed", async () => {
  const newer = {
    open: () => {
      throw new DOMException("The requested version (4) is less than the existing version (5).", "VersionError");
    },
  };
  vi.stubGlobal("indexedDB", newer);

  await expect(startServices(Promise.resolve(""), undefined)).rejects.toThrow("existing version");
});
