import type { Chat, FolderInstructions } from "../chat/chat";
import type { ChatState } from "../chat/state";

/** A thread's metadata, which they are stored in, has 8 KiB. */
export const longestInstructions = 2_000;

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
export function ownInstructions({ folder, folderInstructions: own }: Chat): FolderInstructions | undefined {
  return own?.folder === folder ? own : undefined;
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

/** What the folder of a chat, or of the one that is about to begin, tells the model. */
export function folderPrompt({ chats, newChatFolder }: ChatState, chatId: string | null): string {
  const folder = chatId === null ? newChatFolder : chats.get(chatId)?.folder;
  return folder === undefined ? "" : (instructionsOf(chats.values(), folder)?.text ?? "");
}

export function isFolderInstructions(value: unknown): value is FolderInstructions {
  const { folder, text, changedAt } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof folder === "string" &&
    typeof text === "string" &&
    text.length <= longestInstructions &&
    Number.isFinite(changedAt)
  );
}
