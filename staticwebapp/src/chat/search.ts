import { type Chat, inListOrder, textOf } from "./chat";
import type { ChatNode } from "./tree";

export interface Found {
  readonly chat: Chat;
  /** Where the words stand in a message; absent when the title has them. */
  readonly snippet: string | undefined;
}

const around = 40;

/** The chats whose title or messages hold every word of the query, in the order of the list. */
export function searchChats(chats: Iterable<Chat>, nodes: readonly ChatNode[], query: string): readonly Found[] {
  const wanted = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  return inListOrder(chats).flatMap((chat): Found[] => {
    if (has(chat.title, wanted)) {
      return [{ chat, snippet: undefined }];
    }
    const found = nodes.find((node) => node.chatId === chat.id && has(textOf(node), wanted));
    return found === undefined ? [] : [{ chat, snippet: snippetOf(textOf(found), wanted[0] ?? "") }];
  });
}

function has(text: string, wanted: readonly string[]): boolean {
  const folded = fold(text);
  return wanted.every((word) => folded.includes(word));
}

/** Lower case without accents, so that "uber" finds "über". */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}

function snippetOf(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word));
  const start = Math.max(0, at - around);
  const end = Math.min(text.length, at + word.length + around);
  return `${start > 0 ? "…" : ""}${text.slice(start, end).replace(/\s+/g, " ").trim()}${end < text.length ? "…" : ""}`;
}
