const keyOf = (chatId: string | null) => `funcchat.draft.${chatId ?? "new"}`;

/** What was typed into a chat and not sent yet; null names the chat that has yet to begin. */
export function readDraft(chatId: string | null): string {
  return localStorage.getItem(keyOf(chatId)) ?? "";
}

export function keepDraft(chatId: string | null, text: string): void {
  try {
    if (text === "") {
      localStorage.removeItem(keyOf(chatId));
    } else {
      localStorage.setItem(keyOf(chatId), text);
    }
  } catch {
    // A full or forbidden storage costs the draft on reload, nothing more.
  }
}
