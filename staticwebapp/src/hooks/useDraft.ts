import { useCallback, useEffect, useRef, useState } from "react";
import { draftKey, keepDraft, keepOwnDraft, readDraft, readOwnDraft } from "../storage/drafts";

/** A pause in typing after which a long draft is stored: storage is written in full each time. */
const pauseMs = 400;
const longDraft = 5_000;

/**
 * What is typed into a chat, kept until it is sent. Where several tabs type into one chat, each keeps its own words, and a tab that opens finds
 * the last ones. What another tab sends is removed here only if it came from storage: what the user typed in this tab stays. What is typed into a
 * temporary chat is not kept.
 * @param exists Whether the chat exists: one that is deleted while it is shown leaves no draft.
 */
export function useDraft(
  chatId: string | null,
  temporary = false,
  exists = () => true,
): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => readOwnDraft(chatId) ?? readDraft(chatId));
  const latest = useRef({ draft, temporary, exists });
  latest.current = { draft, temporary, exists };
  /** Whether the draft was typed in this tab. */
  const typed = useRef(false);
  /** What this tab last read or stored. Anything else in storage is another tab's draft, which remains there when this one is sent. */
  const stored = useRef<string>(undefined);
  stored.current ??= readDraft(chatId);
  const store = useCallback(
    (text: string) => {
      if (text !== "" || readDraft(chatId) === stored.current) {
        keepDraft(chatId, text);
      }
      stored.current = text;
    },
    [chatId],
  );
  const type = useCallback(
    (text: string) => {
      typed.current = true;
      if (text === "") {
        // A message that begins a chat is sent from a field that is not rendered again.
        latest.current = { ...latest.current, draft: text };
        store(text);
      }
      setDraft(text);
    },
    [store],
  );
  useEffect(() => {
    if (temporary || draft.length < longDraft) {
      store(temporary ? "" : draft);
      return undefined;
    }
    const timer = setTimeout(() => store(draft), pauseMs);
    return () => clearTimeout(timer);
  }, [draft, temporary, store]);
  useEffect(() => {
    // Also when the browser shows a page again that it had put aside.
    const onShow = () => {
      typed.current ||= readOwnDraft(chatId) !== null;
      keepOwnDraft(chatId);
    };
    const onLeave = () => {
      const { draft: left, temporary: forgotten } = latest.current;
      if (!typed.current || forgotten || left === "" || !latest.current.exists()) {
        return;
      }
      // Another tab may have sent its own draft, and a long one may not be stored yet.
      if (left.length >= longDraft || readDraft(chatId) === "") {
        store(left);
      }
      keepOwnDraft(chatId, left);
    };
    const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key === draftKey(chatId) && newValue === null && latest.current.draft === oldValue && !typed.current) {
        setDraft("");
      }
    };
    onShow();
    addEventListener("pageshow", onShow);
    addEventListener("pagehide", onLeave);
    addEventListener("storage", onStorage);
    return () => {
      onLeave();
      removeEventListener("pageshow", onShow);
      removeEventListener("pagehide", onLeave);
      removeEventListener("storage", onStorage);
    };
  }, [chatId, store]);
  return [draft, type];
}
