import { groupedBy } from "../groupedBy";
import { type Chat, inListOrder, textOf } from "./chat";
import type { ChatNode } from "./tree";

export interface Found {
  readonly chat: Chat;
  /** The message that contains the words, and the text around them; absent when the title contains them. */
  readonly message?: { readonly id: string; readonly snippet: string };
}

const around = 40;

/** The first chats, in the order of the list, whose title or one of whose messages contains every word of the query. */
export function searchChats(
  chats: Iterable<Chat>,
  nodes: ReadonlyMap<string, readonly ChatNode[]>,
  query: string,
  most: number,
): readonly Found[] {
  const wanted = fold(query)
    .split(/\s+/)
    .filter((word) => word !== "");
  const found: Found[] = [];
  for (const chat of inListOrder(chats)) {
    if (found.length === most) {
      break;
    }
    if (has(fold(chat.title), wanted)) {
      found.push({ chat });
      continue;
    }
    const node = nodes.get(chat.id)?.find((each) => has(foldedTextOf(each), wanted));
    if (node !== undefined) {
      found.push({ chat, message: { id: node.id, snippet: snippetOf(textOf(node), wanted[0] ?? "") } });
    }
  }
  return found;
}

export function byChat(nodes: Iterable<ChatNode>): ReadonlyMap<string, readonly ChatNode[]> {
  return groupedBy(nodes, ({ chatId }) => chatId);
}

function has(folded: string, wanted: readonly string[]): boolean {
  return wanted.every((word) => folded.includes(word));
}

/** A message never changes, and all of them are searched with every letter that is typed. */
const foldedTexts = new WeakMap<ChatNode, string>();

function foldedTextOf(node: ChatNode): string {
  let folded = foldedTexts.get(node);
  if (folded === undefined) {
    folded = fold(textOf(node));
    foldedTexts.set(node, folded);
  }
  return folded;
}

/** Lower case without accents, so that "uber" finds "über". */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
}

function snippetOf(text: string, word: string): string {
  const at = placeOf(text, fold(text).indexOf(word));
  const start = Math.max(0, at - around);
  const end = Math.min(text.length, at + word.length + around);
  return `${start > 0 ? "…" : ""}${text.slice(start, end).replace(/\s+/g, " ").trim()}${end < text.length ? "…" : ""}`;
}

/** The position in the text that corresponds to a position in the folded text. */
function placeOf(text: string, folded: number): number {
  let at = 0;
  for (const character of text) {
    if (folded <= 0) {
      break;
    }
    folded -= fold(character).length;
    at += character.length;
  }
  return at;
}
