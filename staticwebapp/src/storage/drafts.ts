import { keyOf } from "./owner";

const draftKey = (chatId: string | null) => keyOf(`draft.${chatId ?? "new"}`);

/** What was typed into a chat and not sent yet; null names the chat that has yet to begin. */
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
    // A full or forbidden storage costs the draft on reload, nothing more.
  }
}
