import type { Chat, FolderInstructions } from "../chat/chat";
import type { ChatState } from "../chat/state";
import { asRecord } from "../records";

export const longestInstructions = 2_000;

/** A thread's metadata, which they are stored in, has 8 KiB. */
const mostBytes = 6_200;

/** The last time that a date can have. */
const lastTime = 8.64e15;

/** What a folder tells the model; undefined where nothing was ever set. */
export function instructionsOf(chats: Iterable<Chat>, folder: string | undefined): FolderInstructions | undefined {
  let last: FolderInstructions | undefined;
  for (const chat of chats) {
    if (folder !== undefined && chat.folder === folder) {
      last = newerOf(last, ownInstructions(chat));
    }
  }
  return last;
}

/** What a chat knows of the instructions of its folder. Another client may have moved it since. */
export function ownInstructions({
  folder,
  folderInstructions: own,
}: Pick<Chat, "folder" | "folderInstructions">): FolderInstructions | undefined {
  return own?.folder === folder ? own : undefined;
}

/** The chat with the instructions of its folder in place of what it knew of them. */
export function withInstructions<T extends object>(
  chat: T & Pick<Chat, "folderInstructions">,
  instructions: FolderInstructions | undefined,
): Omit<T, "folderInstructions"> & Pick<Chat, "folderInstructions"> {
  const { folderInstructions: _, ...rest } = chat;
  return instructions === undefined ? rest : { ...rest, folderInstructions: instructions };
}

export function newerOf(
  a: FolderInstructions | undefined,
  b: FolderInstructions | undefined,
): FolderInstructions | undefined {
  return a === undefined || (b !== undefined && isNewer(b, a)) ? b : a;
}

/** Where two devices changed them in the same millisecond, both keep the same ones. */
function isNewer(a: FolderInstructions, b: FolderInstructions): boolean {
  return a.changedAt > b.changedAt || (a.changedAt === b.changedAt && a.text > b.text);
}

/** What the folder of a chat, or of the one that is about to begin, tells the model. A temporary chat is in no folder. */
export function folderPrompt({ chats, newChatFolder, newChatTemporary }: ChatState, chatId: string | null): string {
  const begun = newChatTemporary ? undefined : newChatFolder;
  const folder = chatId === null ? begun : chats.get(chatId)?.folder;
  return folder === undefined ? "" : (instructionsOf(chats.values(), folder)?.text ?? "");
}

/**
 * The instructions in a file or on the server, which anyone may have written; undefined for anything else. A time that can't be one becomes
 * the earliest: instructions that the user changes are always newer.
 */
export function readInstructions(value: unknown): FolderInstructions | undefined {
  const { folder, text, changedAt } = asRecord(value);
  if (typeof folder !== "string" || typeof text !== "string") {
    return undefined;
  }
  const isTime = typeof changedAt === "number" && changedAt >= 0 && changedAt < lastTime;
  return { folder, text: shortened(text), changedAt: isTime ? Math.floor(changedAt) : 0 };
}

/** As much of the text as all devices can store. */
export function shortened(text: string): string {
  let [length, bytes] = [0, 0];
  for (const character of text) {
    bytes += new TextEncoder().encode(JSON.stringify(character)).byteLength - 2;
    if (length + character.length > longestInstructions || bytes > mostBytes) {
      return text.slice(0, length);
    }
    length += character.length;
  }
  return text;
}
