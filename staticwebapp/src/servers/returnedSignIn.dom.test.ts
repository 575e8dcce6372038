import { beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatApi } from "../api/client";
import { createChatState } from "../chat/state";
import { strings } from "../i18n/strings";
import { toast } from "../toast";
import { completeReturnedSignIn, noteReturnedSignIn } from "./returnedSignIn";

const body = { state: "random.calendar.page", code: "ü-1", iss: "https://login.example.com" };

function addressOf(value: unknown): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const text = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return `#/mcp-sign-in/${text}`;
}

describe("a sign-in to a tool server", () => {
  const completeServerSignIn = vi.fn<ChatApi["completeServerSignIn"]>();
  const listTools = vi.fn<ChatApi["listTools"]>();
  const api = {
    completeServerSignIn,
    listTools,
    listModels: async () => ({ models: [], openProviders: [] }),
    limits: async () => ({}),
  } as unknown as ChatApi;
  const state = createChatState();

  beforeEach(() => {
    sessionStorage.clear();
    completeServerSignIn.mockReset().mockResolvedValue("calendar");
    listTools.mockReset().mockResolvedValue([{ name: "calendar__read", description: "" }]);
    vi.restoreAllMocks();
  });

  it("is removed from the address and completed once", async () => {
    const told = vi.spyOn(toast, "success");
    location.hash = addressOf(body);

    noteReturnedSignIn();
    expect(location.hash).toBe("#/");
    await completeReturnedSignIn({ api, state });
    await completeReturnedSignIn({ api, state });

    expect(completeServerSignIn.mock.calls).toEqual([[body]]);
    expect(told).toHaveBeenCalledWith("You are signed in to calendar.");
    expect(state.getState().tools?.map(({ name }) => name)).toEqual(["calendar__read"]);
  });

  it("shows why it failed", async () => {
    const told = vi.spyOn(toast, "error");
    completeServerSignIn.mockRejectedValue(new Error("This sign-in took too long. Start it again."));
    location.hash = addressOf(body);

    noteReturnedSignIn();
    await completeReturnedSignIn({ api, state });

    expect(told.mock.calls[0]?.[0]).toBe("This sign-in took too long. Start it again.");
  });

  it("is completed after a reload where that part of the page could not be loaded", async () => {
    const told = vi.spyOn(toast, "error");
    vi.doMock("./completeSignIn", () => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));
    location.hash = addressOf(body);
    noteReturnedSignIn();

    await completeReturnedSignIn({ api, state });

    expect(told.mock.calls[0]?.[0]).toBe(strings.loadError);
    vi.doUnmock("./completeSignIn");
    await completeReturnedSignIn({ api, state });
    expect(completeServerSignIn.mock.calls).toEqual([[body]]);
  });

  it.each(["#/mcp-sign-in/%", "#/mcp-sign-in/bnVsbA", "#/chat/1", ""])(
    "is ignored when the address is %s",
    async (hash) => {
      location.hash = hash;

      noteReturnedSignIn();
      await completeReturnedSignIn({ api, state });

      expect(completeServerSignIn).not.toHaveBeenCalled();
    },
  );
});
