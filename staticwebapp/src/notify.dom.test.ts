import { beforeEach, describe, expect, it, vi } from "vitest";
import { newChat } from "./chat/chat";
import type { Conversations } from "./chat/conversations";
import { createChatState } from "./chat/state";
import { assistantNode } from "./chat/tree";
import { failTurn, newTurn } from "./chat/turn";
import { announceEnd, announceWaiting } from "./notify";
import { change } from "./settings/settings";
import { toast } from "./toast";

const error = vi.fn();
const open = vi.fn();
const conversations = { open } as unknown as Conversations;
const state = createChatState();
const node = assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
const complete = { ...node, turn: { ...newTurn, status: "complete" as const } };
const failed = { ...node, turn: failTurn(newTurn, { message: "No.", code: "INTERNAL", retryable: true }) };

/** The notifications that the browser was asked to show. */
const shown: { title: string; body: string | undefined; onclick?: () => void; close: () => void }[] = [];
class FakeNotification {
  static permission = "granted";
  onclick?: () => void;
  readonly body: string | undefined;
  readonly title: string;
  readonly close = () => {};
  constructor(title: string, { body }: NotificationOptions) {
    this.title = title;
    this.body = body;
    shown.push(this);
  }
}

beforeEach(() => {
  vi.stubGlobal("Notification", FakeNotification);
  state.setState({ chats: new Map([["c", newChat("c", "Tides", 0)]]), openId: "c", view: "chat" });
  vi.spyOn(toast, "error").mockImplementation(error);
  error.mockClear();
  open.mockClear();
  shown.length = 0;
});

describe("an answer that ends or waits", () => {
  it("is not announced where it can be seen", () => {
    announceEnd(failed, conversations, state);

    expect(error).not.toHaveBeenCalled();
    expect(shown).toEqual([]);
  });

  it("is announced when it fails in another chat, with a way there", () => {
    state.setState({ openId: "other" });

    announceEnd(failed, conversations, state);

    expect(error).toHaveBeenCalledExactlyOnceWith(
      "The answer in “Tides” failed.",
      expect.objectContaining({ description: "No." }),
    );
    error.mock.calls[0]?.[1].action.onClick();
    expect(open).toHaveBeenCalledWith("c");
  });

  it("notifies a user who wants it while the page is in the background", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    vi.spyOn(globalThis, "focus").mockImplementation(() => {});
    change({ notify: true });

    announceEnd(complete, conversations, state);

    expect(shown.map(({ title, body }) => [title, body])).toEqual([["Your answer is ready", "Tides"]]);
    shown[0]?.onclick?.();
    expect(open).toHaveBeenCalledWith("c");
  });

  it("notifies of an answer that waits for the user", () => {
    const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    change({ notify: true });

    announceWaiting(node, conversations, state);
    hidden.mockReturnValue(false);
    announceWaiting(node, conversations, state);

    expect(shown.map(({ title, body }) => [title, body])).toEqual([["Waiting for you", "Tides"]]);
  });

  it("is announced when it waits in another chat, with a way there", () => {
    const warning = vi.fn();
    vi.spyOn(toast, "warning").mockImplementation(warning);
    announceWaiting(node, conversations, state);
    expect(warning).not.toHaveBeenCalled();
    state.setState({ openId: "other" });

    announceWaiting(node, conversations, state);

    const told = ["Waiting for you", expect.objectContaining({ description: "Tides" })];
    expect(warning.mock.calls).toEqual([told]);
    warning.mock.calls[0]?.[1].action.onClick();
    expect(open).toHaveBeenCalledWith("c");
  });

  it("notifies by the service worker where the page may not", async () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    const refuses = class {
      static permission = "granted";
      constructor() {
        throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
      }
    };
    const showNotification = vi.fn(async () => {});
    vi.stubGlobal("Notification", refuses);
    vi.stubGlobal("navigator", { serviceWorker: { ready: Promise.resolve({ showNotification }) } });
    change({ notify: true });

    announceEnd(complete, conversations, state);

    await vi.waitFor(() =>
      expect(showNotification).toHaveBeenCalledExactlyOnceWith("Your answer is ready", {
        body: "Tides",
        tag: "funcchat",
        icon: "/icon-192.png",
        data: { address: "/#/chat/c" },
      }),
    );
  });

  it("notifies of nothing unless the user wants it", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);

    announceEnd(complete, conversations, state);

    expect(shown).toEqual([]);
  });
});
