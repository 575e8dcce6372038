import type { ThreadItem } from "../api/threads";
import type { Chat, ChatOptions, FolderInstructions } from "../chat/chat";
import type { MovedAnswers } from "../chat/movedAnswers";
import { type ChatNodes, newestLeaf, withNodes } from "../chat/tree";
import { newerOf, ownInstructions, readInstructions, withInstructions } from "../folders/folderInstructions";
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
  const last = [...nodes.values()].reduce(
    (latest, node) => Math.max(latest, node.createdAt),
    Date.parse(item.created_at),
  );
  const {
    folder: _,
    folderInstructions: __,
    ...ours
  } = chat ?? {
    id: item.id,
    createdAt: Date.parse(item.created_at),
    updatedAt: last,
    leafId: null,
  };
  const leaf = remainingLeaf(ours.leafId, before, nodes, places);
  return {
    ...ours,
    ...(chat === undefined ? fieldsOf(item) : mergedFields(item, chat, known)),
    updatedAt: Math.max(ours.updatedAt, last),
    leafId: leaf === null ? null : newestLeaf(nodes, leaf),
  };
}

/** What is the same on all devices. */
type SharedFields = Pick<Chat, "title" | "folder" | "pinned" | "renamed" | "options" | "folderInstructions">;

function fieldsOf(item: ThreadItem): SharedFields {
  const { pinned = false, renamed, options, folderInstructions } = (item.metadata ?? {}) as ThreadMetadata;
  const fields = {
    title: item.title,
    ...folderOf(item),
    pinned,
    ...(renamed === undefined ? {} : { renamed }),
    ...(options === undefined ? {} : { options }),
  };
  const instructions = readInstructions(folderInstructions);
  return withInstructions(fields, instructions?.folder === item.folder ? instructions : undefined);
}

/** Each field from the side that has changed it since both were last compared; from this browser where both have. */
function mergedFields(item: ThreadItem, chat: Chat, known: SyncedChat | undefined): SharedFields {
  const isMovedHere = known === undefined || chat.folder !== known.folder;
  const folder = folderOf(isMovedHere ? chat : item);
  const theirMetadata = (item.metadata ?? {}) as ThreadMetadata;
  // Another chat of the folder may have other ones: the last ones apply, wherever they were changed.
  const instructions = [chat.folderInstructions, readInstructions(theirMetadata.folderInstructions)]
    .filter((each) => each !== undefined && each.folder === folder.folder)
    .reduce(newerOf, undefined);
  const { title, pinned, renamed, options } = chat;
  const ours = withInstructions(
    {
      title,
      ...folder,
      pinned,
      ...(renamed === undefined ? {} : { renamed }),
      ...(options === undefined ? {} : { options }),
    },
    instructions,
  );
  if (known === undefined) {
    return ours;
  }
  const [theirs, base] = [fieldsOf(item), JSON.parse(known.metadata) as ThreadMetadata];
  const isTitledHere = title !== known.title || (renamed === true) !== (base.renamed === true);
  const sent = metadataOf(chat).options;
  const omitted = omittedOf(ours);
  const changed = Object.entries(theirs.options ?? {}).filter(
    ([name]) => !omitted.has(name) && isSame(fieldOf(sent, name), fieldOf(base.options, name)),
  );
  return {
    ...ours,
    ...(isTitledHere ? {} : { title: theirs.title || title }),
    ...(isTitledHere || theirs.renamed === undefined ? {} : { renamed: theirs.renamed }),
    ...(pinned === (base.pinned ?? false) ? { pinned: theirs.pinned } : {}),
    ...(changed.length === 0 ? {} : { options: { ...options, ...Object.fromEntries(changed) } }),
  };
}

function fieldOf(options: ChatOptions | undefined, name: string): unknown {
  return (options as Record<string, unknown> | undefined)?.[name];
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
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

/** What stays on the device where there is no room for it, in this order. Other chats of the folder may have its instructions too. */
const omittable = ["systemPrompt", "folderInstructions", "approvedTools", "toolsOff"] as const;
type Omittable = (typeof omittable)[number];

/** What a thread keeps of a chat besides its title, its folder and its turns. */
export function metadataOf(chat: MetadataSource): ThreadMetadata {
  return metadataWithout(chat, omittedOf(chat));
}

type MetadataSource = Pick<Chat, "pinned" | "renamed" | "options" | "folder" | "folderInstructions">;

function metadataWithout(chat: MetadataSource, omitted: ReadonlySet<string>): ThreadMetadata {
  const { systemPrompt, ...rest } = chat.options ?? {};
  const inOrder = { ...rest, systemPrompt }; // as on the server
  const options = Object.fromEntries(
    Object.entries(inOrder).filter(([name, value]) => value !== undefined && !omitted.has(name)),
  ) as ChatOptions;
  const folderInstructions = omitted.has("folderInstructions") ? undefined : ownInstructions(chat);
  return {
    ...(chat.pinned ? { pinned: true } : {}),
    ...(chat.renamed === true ? { renamed: true } : {}),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(folderInstructions === undefined ? {} : { folderInstructions }),
  };
}

/** What stays on this device of a chat. */
function omittedOf(chat: MetadataSource): ReadonlySet<string> {
  const isLong = (chat.options?.systemPrompt?.length ?? 0) > longestPrompt;
  const omitted = new Set<Omittable>(isLong ? ["systemPrompt"] : []);
  for (const name of omittable) {
    if (bytesOf(JSON.stringify(metadataWithout(chat, omitted))) <= mostBytes) {
      break;
    }
    omitted.add(name);
  }
  return omitted;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
