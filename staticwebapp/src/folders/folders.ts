import type { Chat } from "../chat/chat";
import { groupedBy } from "../groupedBy";
import { cutText } from "../text";

/** The chats of a folder, in the order of the list. A folder exists while a chat is in it. */
export interface Folder {
  readonly name: string;
  readonly chats: readonly Chat[];
}

export const longestName = 100;

/** The id of the button that opens the folder in the list. */
export const folderId = (name: string) => `folder ${name}`;

/** Separates the chats in folders, which are sorted by name, from the others. */
export function byFolder(chats: readonly Chat[]): { folders: readonly Folder[]; others: readonly Chat[] } {
  const groups = groupedBy(chats, ({ folder }) => folder);
  return {
    folders: [...groups]
      .flatMap(([name, members]) => (name === undefined ? [] : [{ name, chats: members }]))
      .sort((a, b) => a.name.localeCompare(b.name)),
    others: groups.get(undefined) ?? [],
  };
}

export function folderNames(chats: Iterable<Chat>): readonly string[] {
  const names = new Set<string>();
  for (const { folder, temporary } of chats) {
    if (folder !== undefined && temporary !== true) {
      names.add(folder);
    }
  }
  return [...names].sort((a, b) => a.localeCompare(b));
}

/** The name as it is stored; undefined where nothing remains of it. */
export function folderName(typed: string): string | undefined {
  const name = cutText(typed.trim(), longestName).trim();
  return name === "" ? undefined : name;
}
