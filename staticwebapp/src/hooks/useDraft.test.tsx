import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import {
  draftKey,
  forgetDraftsBut,
  keepDraft,
  keepDraftsOf,
  keepOwnDraft,
  readDraft,
  readOwnDraft,
} from "../storage/drafts";
import { useDraft } from "./useDraft";

/** Another tab sends what it has typed. */
const elsewhereSent = (text: string) => {
  keepDraft("c", "");
  act(() => {
    dispatchEvent(new StorageEvent("storage", { key: draftKey("c"), oldValue: text, newValue: null }));
  });
};

describe("useDraft", () => {
  it("finds again what was typed before", () => {
    const first = renderHook(() => useDraft("c"));
    act(() => first.result.current[1]("half a thought"));
    first.unmount();

    expect(renderHook(() => useDraft("c")).result.current[0]).toBe("half a thought");
    expect(renderHook(() => useDraft(null)).result.current[0]).toBe("");
  });

  it("takes away what another tab has sent in the same words", () => {
    keepDraft("c", "hello");
    const { result } = renderHook(() => useDraft("c"));

    elsewhereSent("hello");

    expect(result.current[0]).toBe("");
  });

  it("keeps what the user typed over another tab that sends the words in storage", () => {
    const { result } = renderHook(() => useDraft("c"));
    act(() => result.current[1]("mine"));

    elsewhereSent("mine");

    expect(result.current[0]).toBe("mine");
  });

  it("keeps what the user typed before a reload", () => {
    const before = renderHook(() => useDraft("c"));
    act(() => before.result.current[1]("mine"));
    dispatchEvent(new Event("pagehide"));
    before.unmount();
    const { result } = renderHook(() => useDraft("c"));

    elsewhereSent("mine");

    expect(result.current[0]).toBe("mine");
  });

  it.each(["theirs", "x".repeat(6_000)])("leaves the draft of another tab in storage when it sends its own", (text) => {
    const { result } = renderHook(() => useDraft("c"));
    act(() => result.current[1]("mine"));
    keepDraft("c", text);

    act(() => result.current[1](""));

    expect(readDraft("c")).toBe(text);
  });

  it("removes what it sends from storage at once", () => {
    const { result } = renderHook(() => useDraft("c"));
    act(() => result.current[1]("mine"));

    act(() => {
      result.current[1]("");
      expect(readDraft("c")).toBe("");
    });
  });

  it("finds its own words again after another chat was shown", () => {
    const before = renderHook(() => useDraft("c"));
    act(() => before.result.current[1]("mine"));
    keepDraft("c", "theirs");
    before.unmount();

    expect(renderHook(() => useDraft("c")).result.current[0]).toBe("mine");
  });

  it("keeps its own words over another tab that sends other ones, and over a reload", () => {
    const { result } = renderHook(() => useDraft("c"));
    act(() => result.current[1]("mine"));

    elsewhereSent("theirs");
    dispatchEvent(new Event("pagehide"));

    expect(result.current[0]).toBe("mine");
    expect(readDraft("c")).toBe("mine");
  });

  it("finds its own words again after a reload, and leaves those of another tab to it", () => {
    const before = renderHook(() => useDraft("c"));
    act(() => before.result.current[1]("mine"));
    keepDraft("c", "theirs");
    dispatchEvent(new Event("pagehide"));
    before.unmount();

    const { result, unmount } = renderHook(() => useDraft("c"));

    expect(result.current[0]).toBe("mine");
    act(() => result.current[1](""));
    unmount();
    expect(renderHook(() => useDraft("c")).result.current[0]).toBe("");
  });

  it("does not find again what was sent after the browser showed a page that it had put aside", () => {
    const { result, unmount } = renderHook(() => useDraft("c"));
    act(() => result.current[1]("mine"));
    keepDraft("c", "theirs");
    dispatchEvent(new Event("pagehide"));
    dispatchEvent(new Event("pageshow"));
    act(() => result.current[1](""));
    unmount();

    expect(renderHook(() => useDraft("c")).result.current[0]).toBe("theirs");
  });

  it("is forgotten with its chat", () => {
    keepDraft("deleted", "x");
    keepDraft("kept", "y");
    keepDraft(null, "z");
    keepDraft("plan", "p");
    keepOwnDraft("deleted", "v");
    keepOwnDraft("kept", "w");

    forgetDraftsBut(new Map([["kept", {}]]));

    expect(["deleted", "kept", null, "plan"].map(readDraft)).toEqual(["", "y", "z", "p"]);
    expect(["deleted", "kept"].map(readOwnDraft)).toEqual([null, "w"]);
  });

  it("is forgotten when its chat is removed, also by the tab that shows it", () => {
    const state = createChatState();
    const chats = ["deleted", "kept"].map((id) => [id, newChat(id, id, 0)] as const);
    state.setState({ chats: new Map(chats) });
    const end = keepDraftsOf(state);
    const fields = ["deleted", "kept"].map((id) =>
      renderHook(() => useDraft(id, false, () => state.getState().chats.has(id))),
    );
    for (const { result } of fields) {
      act(() => result.current[1]("mine"));
    }
    dispatchEvent(new Event("pagehide"));
    expect(["deleted", "kept"].map(readOwnDraft)).toEqual(["mine", "mine"]);

    state.setState({ chats: new Map(chats.slice(1)) });
    for (const { unmount } of fields) {
      unmount();
    }
    end();

    expect(["deleted", "kept"].map(readDraft)).toEqual(["", "mine"]);
    expect(["deleted", "kept"].map(readOwnDraft)).toEqual([null, "mine"]);
  });

  it("keeps nothing of a temporary chat", () => {
    keepDraft(null, "before");
    const { result } = renderHook(() => useDraft(null, true));
    act(() => result.current[1]("secret"));
    act(() => void dispatchEvent(new Event("pagehide")));

    expect(result.current[0]).toBe("secret");
    expect(readDraft(null)).toBe("");
  });
});
