import { useEffect, useState } from "react";
import { draftKey, keepDraft, keepOwnDraft, readDraft, readOwnDraft } from "../storage/drafts";

/** A pause in typing after which a long draft is stored: storage is written in full each time. */
const pauseMs = 400;
const longDraft = 5_000;

/**
 * What is typed into a chat, kept until it is sent. Where several tabs type into one chat, each keeps its own words, and a tab that opens finds
 * the last ones: what another tab sends removes only the same words here. What is typed into a temporary chat is not kept.
 */
export function useDraft(chatId: string | null, temporary = false): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => readOwnDraft(chatId) ?? readDraft(chatId));
  useEffect(() => {
    // Also when the browser shows a page again that it had put aside.
    const onShow = () => keepOwnDraft(chatId);
    onShow();
    addEventListener("pageshow", onShow);
    return () => removeEventListener("pageshow", onShow);
  }, [chatId]);
  useEffect(() => {
    if (temporary || draft.length < longDraft) {
      keepDraft(chatId, temporary ? "" : draft);
      return undefined;
    }
    const timer = setTimeout(() => keepDraft(chatId, draft), pauseMs);
    return () => clearTimeout(timer);
  }, [chatId, draft, temporary]);
  useEffect(() => {
    const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key === draftKey(chatId) && newValue === null && draft === oldValue) {
        setDraft("");
      }
    };
    const onLeave = () => {
      // Another tab may have sent its own draft, and a long one may not be stored yet.
      if (!temporary && draft !== "" && (draft.length >= longDraft || readDraft(chatId) === "")) {
        keepDraft(chatId, draft);
      }
      if (!temporary && draft !== readDraft(chatId)) {
        keepOwnDraft(chatId, draft);
      }
    };
    addEventListener("storage", onStorage);
    addEventListener("pagehide", onLeave);
    return () => {
      removeEventListener("storage", onStorage);
      removeEventListener("pagehide", onLeave);
    };
  }, [chatId, draft, temporary]);
  return [draft, setDraft];
}
