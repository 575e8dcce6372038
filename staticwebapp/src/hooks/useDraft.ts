import { useEffect, useState } from "react";
import { draftKey, keepDraft, readDraft } from "../storage/drafts";

/**
 * What is typed into a chat, kept until it is sent. Where several tabs type into one chat the last of them is kept, and
 * each goes on with its own words: what another tab sends takes away only the same words here.
 */
export function useDraft(chatId: string | null): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => readDraft(chatId));
  useEffect(() => keepDraft(chatId, draft), [chatId, draft]);
  useEffect(() => {
    const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key === draftKey(chatId) && newValue === null && draft === oldValue) {
        setDraft("");
      }
    };
    const onLeave = () => {
      if (draft !== "" && readDraft(chatId) === "") {
        keepDraft(chatId, draft); // another tab has sent its own
      }
    };
    addEventListener("storage", onStorage);
    addEventListener("pagehide", onLeave);
    return () => {
      removeEventListener("storage", onStorage);
      removeEventListener("pagehide", onLeave);
    };
  }, [chatId, draft]);
  return [draft, setDraft];
}
