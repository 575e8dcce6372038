import type { ThreadItem } from "../api/threads";
import type { Chat, ChatOptions, FolderInstructions } from "../chat/chat";
import type { MovedAnswers } from "../chat/movedAnswers";
import { type ChatNodes, newestLeaf, withNodes } from "../chat/tree";
import { isFolderInstructions, newerOf, ownInstructions } from "../folders/folderInstructions";
import type { SyncedChat } from "../storage/syncedChat";

/**
 * The chat as both sides have it: what one of them has changed since they were last compared, and the branch that is left.
 * @param places What replaces removed nodes.
 */
export function mergedChat(
  item: ThreadItem,
  chat: Chat | undefined,
  known: SyncedChat | undefined,
  before: ChatNodes,
  removed: ReadonlySet<string>,
  places: MovedAnswers,
): Chat {
  const nodes = withNodes(before, [], removed);
  const { pinned = false, renamed, options, folderInstructions } = (item.metadata ?? {}) as ThreadMetadata;
  const last = [...nodes.values()].reduce(
    (latest, node) => Math.max(latest, node.createdAt),
    Date.parse(item.created_at),
  );
  const ownPrompt = chat !== undefined && keepsPrompt(chat) ? { systemPrompt: chat.options?.systemPrompt ?? "" } : {};
  const theirs = {
    title: item.title,
    ...folderOf(item),
    pinned,
    ...(renamed === undefined ? {} : { renamed }),
    ...(options === undefined ? {} : { options: { ...options, ...ownPrompt } }),
  };
  const ours = chat ?? {
    id: item.id,
    createdAt: Date.parse(item.created_at),
    updatedAt: last,
    leafId: null,
    ...theirs,
  };
  const isChangedHere =
    known !== undefined &&
    (ours.title !== known.title || ours.folder !== known.folder || JSON.stringify(metadataOf(ours)) !== known.metadata);
  const keepsOurs = chat !== undefined && (known === undefined || isChangedHere);
  const fields = keepsOurs ? {} : theirs;
  const leaf = remainingLeaf(ours.leafId, before, nodes, places);
  const { folder: _, folderInstructions: __, ...withoutFolder } = ours;
  const folder = folderOf(keepsOurs ? ours : item);
  // Another chat of the folder may have other ones: the last ones apply, wherever they were changed.
  const instructions = [
    ours.folderInstructions,
    isFolderInstructions(folderInstructions) ? folderInstructions : undefined,
  ]
    .filter((each) => each?.folder === folder.folder)
    .reduce(newerOf, undefined);
  return {
    ...withoutFolder,
    ...fields,
    ...folder,
    ...(instructions === undefined ? {} : { folderInstructions: instructions }),
    title: (fields as { title?: string }).title || ours.title,
    updatedAt: Math.max(ours.updatedAt, last),
    leafId: leaf === null ? null : newestLeaf(nodes, leaf),
  };
}

/** The end of the branch that is shown, or what is left of it; for a new chat, the last answer. */
function remainingLeaf(
  leafId: string | null,
  before: ChatNodes,
  nodes: ChatNodes,
  places: MovedAnswers,
): string | null {
  let id = leafId;
  const seen = new Set<string>(); // two nodes may be in place of each other
  while (id !== null && !nodes.has(id) && !seen.has(id)) {
    seen.add(id);
    id = places.get(id) ?? before.get(id)?.parentId ?? null;
  }
  return id !== null && nodes.has(id)
    ? id
    : ([...nodes.values()].sort((a, b) => a.createdAt - b.createdAt).at(-1)?.id ?? null);
}

export function folderOf({ folder }: { readonly folder?: string }): { readonly folder?: string } {
  return folder === undefined ? {} : { folder };
}

interface ThreadMetadata {
  readonly pinned?: boolean;
  readonly renamed?: boolean;
  readonly options?: ChatOptions;
  readonly folderInstructions?: FolderInstructions;
}

/** A chat's instructions that are longer stay on the device: a thread's metadata has 8 KiB. */
const longestPrompt = 2_000;
const mostBytes = 8_000;

/** What a thread keeps of a chat besides its title, its folder and its turns. */
export function metadataOf(chat: Chat): ThreadMetadata {
  return keepsPrompt(chat) ? metadataWith(chat, withoutPrompt(chat.options)) : metadataWith(chat, chat.options);
}

function metadataWith(chat: Chat, { systemPrompt, ...rest }: ChatOptions = {}): ThreadMetadata {
  const folderInstructions = ownInstructions(chat);
  const options = { ...rest, ...(systemPrompt === undefined ? {} : { systemPrompt }) }; // in this order on the server
  return {
    ...(chat.pinned ? { pinned: true } : {}),
    ...(chat.renamed === true ? { renamed: true } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(folderInstructions === undefined ? {} : { folderInstructions }),
  };
}

/** Whether the chat's own instructions stay on this device. */
function keepsPrompt(chat: Chat): boolean {
  const { systemPrompt } = chat.options ?? {};
  return (
    systemPrompt !== undefined &&
    (systemPrompt.length > longestPrompt || bytesOf(JSON.stringify(metadataWith(chat, chat.options))) > mostBytes)
  );
}

function withoutPrompt({ systemPrompt: _, ...options }: ChatOptions = {}): ChatOptions {
  return options;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
