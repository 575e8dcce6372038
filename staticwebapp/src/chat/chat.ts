import type { Attachment } from "../attachments/attachment";
import { strings } from "../i18n/strings";
import { cutText } from "../text";
import type { ChatNode, TurnOptions } from "./tree";

/** A chat as the list shows it; its messages are nodes, stored separately. */
export interface Chat {
  readonly id: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly pinned: boolean;
  /** The end of the branch that is shown; null while the chat is empty. */
  readonly leafId: string | null;
  /** True when the user wrote the title. */
  readonly renamed?: boolean;
  /** True once a model was asked for the title. */
  readonly titled?: boolean;
  readonly options?: ChatOptions;
  /** The name of the folder that the chat is in. */
  readonly folder?: string;
  /** The instructions of that folder: of those that its chats have, the last ones apply. */
  readonly folderInstructions?: FolderInstructions;
  /** True for a chat that is kept in this page only, and gone when another one is opened. */
  readonly temporary?: boolean;
  /** A message that is sent when the answer that is being written is complete. */
  readonly queued?: QueuedMessage;
  /** The answers to the last message that are shown side by side until the user continues with one of them. */
  readonly compared?: readonly string[];
  /**
   * Where the chat continues in place of answers that were deleted from its middle; null is its beginning. What another device adds
   * after one of them continues there too.
   */
  readonly moved?: ReadonlyMap<string, string | null>;
}

/** What the chats of a folder tell the model. A folder is stored with its chats, and so are they. */
export interface FolderInstructions {
  readonly folder: string;
  /** Empty where they were removed. */
  readonly text: string;
  readonly changedAt: number;
}

/** What applies to one chat only. */
export interface ChatOptions {
  readonly model?: string;
  readonly toolsOff?: readonly string[];
  /** The tools whose calls need no approval in this chat. */
  readonly approvedTools?: readonly string[];
  /** Replaces the instructions for all chats. */
  readonly systemPrompt?: string;
}

export interface QueuedMessage {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly options: TurnOptions;
}

export function newChat(id: string, firstMessage: string, now: number): Chat {
  return { id, title: titleFrom(firstMessage), createdAt: now, updatedAt: now, pinned: false, leafId: null };
}

/** Where titles are typed or imported. */
export const longestTitle = 200;

const longestFirstLine = 60;

/** The first line of the message, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  if (line.length <= longestFirstLine) {
    return line === "" ? strings.untitled : line.toWellFormed();
  }
  const cut = cutText(line, longestFirstLine);
  const space = cut.lastIndexOf(" ");
  return `${(space > longestFirstLine / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** Pinned first, then the newest. Temporary chats are not listed. */
export function inListOrder(chats: Iterable<Chat>): readonly Chat[] {
  return [...chats]
    .filter(({ temporary }) => temporary !== true)
    .sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.updatedAt - a.updatedAt);
}

/** All the text of a message that a reader sees: what is copied and searched. */
export function textOf(node: ChatNode): string {
  return node.role === "user"
    ? node.text
    : node.turn.parts.flatMap((part) => (part.type === "text" ? [part.text.trim()] : [])).join("\n\n");
}

/** The chat, continuing with one answer. */
export function withoutComparison({ compared: _, ...chat }: Chat): Chat {
  return chat;
}
