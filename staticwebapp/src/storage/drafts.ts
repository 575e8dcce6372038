import type { ChatStateStore } from "../chat/state";
import { keyOf } from "./owner";

const prefix = () => keyOf("draft.");

export const draftKey = (chatId: string | null) => prefix() + (chatId ?? "new");

/** The pages other than chats that have a text field. */
const pages = ["search", "plan"];

/** What was typed into a chat or a page and not sent yet; null names the chat that is about to begin. */
export function readDraft(chatId: string | null): string {
  return localStorage.getItem(draftKey(chatId)) ?? "";
}

export function keepDraft(chatId: string | null, text: string): void {
  try {
    if (text === "") {
      localStorage.removeItem(draftKey(chatId));
    } else {
      localStorage.setItem(draftKey(chatId), text);
    }
  } catch {
    // Without storage, or with a full one, a reload loses the draft.
  }
}

/** What this tab showed when the page was left, if another tab has typed something else into the chat. */
export function readOwnDraft(chatId: string | null): string | null {
  return sessionStorage.getItem(draftKey(chatId));
}

/** Keeps what this tab shows until the page is loaded again; without a text, forgets it. */
export function keepOwnDraft(chatId: string | null, text = ""): void {
  try {
    if (text === "") {
      sessionStorage.removeItem(draftKey(chatId));
    } else {
      sessionStorage.setItem(draftKey(chatId), text);
    }
  } catch {
    // With a full storage, a reload shows what another tab has typed.
  }
}

/** Deletes the drafts of chats that no longer exist, now and whenever chats are removed. */
export function keepDraftsOf(state: ChatStateStore): () => void {
  forgetDraftsBut(state.getState().chats);
  return state.subscribe(({ chats }, before) => {
    if (chats !== before.chats && [...before.chats.keys()].some((id) => !chats.has(id))) {
      forgetDraftsBut(chats);
    }
  });
}

/** Deletes the drafts of chats that no longer exist. */
export function forgetDraftsBut(chats: ReadonlyMap<string, unknown>): void {
  const kept = new Set([null, ...pages, ...chats.keys()].map(draftKey));
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) {
      if (key.startsWith(prefix()) && !kept.has(key)) {
        storage.removeItem(key);
      }
    }
  }
}
