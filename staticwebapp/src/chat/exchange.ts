import { type Chat, titleFrom } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { originOf } from "./copyId";
import { deletedOrigins, type MovedAnswers } from "./movedAnswers";
import { type Relocation, relocate } from "./relocation";
import { type ChatNode, type ChatNodes, newestLeaf, siblingsOf, subtreeOf, type UserNode } from "./tree";

/** How many moves a chat remembers: enough for devices that were offline for long, and not so many that each change of the chat takes long. */
const mostMoves = 5_000;

/** Whether anything follows the answers of a message. */
export function isFollowed(nodes: ChatNodes, question: UserNode): boolean {
  return subtreeOf(nodes, question).length > 1 + answersTo(nodes, question).length;
}

/**
 * Deletes a message and its answers, and returns a function that puts them back. What follows them is replaced by copies with ids of their own that
 * follow the message before, because a turn on the server can't move. The chat remembers where each answer has moved, for what other devices add.
 */
export async function deleteExchange(
  question: UserNode,
  store: ChatNodeStore,
  currentChat: () => Chat,
): Promise<{ count: number; undo: () => Promise<void> }> {
  const before = currentChat();
  const nodes = store.nodes(before.id);
  const deleted = [question, ...answersTo(nodes, question)];
  const { added, removed, places } = relocate(nodes, new Map(deleted.map(({ id }) => [id, question.parentId])));
  const returned = new Set(idsOf(added));
  const moves = answersIn(removed).map(({ id }) => [id, places.get(id) ?? null] as const);
  const { compared: _, ...chat } = before;
  const after = {
    ...chat,
    ...titleAfter(before, question, added),
    leafId: leafAfter(before, question, nodes, removed, added, places),
    moved: new Map([...(before.moved ?? []), ...moves].filter(([id]) => !returned.has(id)).slice(-mostMoves)),
  };
  await store.save(after, added, idsOf(removed));
  const originals = new Map(removed.map(({ id }) => [places.get(id) ?? "", id]));
  return { count: deleted.length, undo: () => restore(before, removed, added, originals, store, currentChat()) };
}

function answersTo(nodes: ChatNodes, question: UserNode): readonly ChatNode[] {
  return subtreeOf(nodes, question).filter(({ role, parentId }) => role === "assistant" && parentId === question.id);
}

/** A chat that is named after its first message is named after the one that is now the first. */
function titleAfter(chat: Chat, question: UserNode, added: readonly ChatNode[]): Partial<Chat> {
  const first = added.find(({ role, parentId }) => role === "user" && parentId === null);
  return question.parentId === null && chat.renamed !== true && first?.role === "user"
    ? { title: titleFrom(first.text), titled: false }
    : {};
}

function leafAfter(
  { leafId }: Chat,
  question: UserNode,
  nodes: ChatNodes,
  removed: readonly ChatNode[],
  added: readonly ChatNode[],
  places: Relocation["places"],
): string | null {
  const rest = new Map(nodes);
  for (const { id } of removed) {
    rest.delete(id);
  }
  for (const copy of added) {
    rest.set(copy.id, copy);
  }
  const moved = places.get(leafId ?? "");
  const shown = moved === undefined || moved === question.parentId ? leafId : moved;
  const newest = siblingsOf(rest, question).at(-1);
  return shown !== null && rest.has(shown)
    ? shown
    : newest === undefined
      ? question.parentId
      : newestLeaf(rest, newest.id);
}

/** Puts nodes back in place of their copies. Copies that the user has continued stay, as another branch. */
async function restore(
  before: Chat,
  removed: readonly ChatNode[],
  copies: readonly ChatNode[],
  originals: ReadonlyMap<string, string>,
  store: ChatNodeStore,
  current: Chat,
): Promise<void> {
  const copied = new Set<string | null>(idsOf(copies));
  const isContinued = [...store.nodes(before.id).values()].some(
    ({ id, parentId }) => copied.has(parentId) && !copied.has(id),
  );
  const { titled: _, ...rest } = current;
  const { title, titled, leafId } = before;
  const back = isContinued ? [] : answersIn(copies).map(({ id }) => [id, originals.get(id) ?? null] as const);
  const chat = {
    ...(current.renamed === true ? current : { ...rest, title, ...(titled === undefined ? {} : { titled }) }),
    ...(isContinued ? {} : { leafId }),
    moved: new Map([...withoutDeletionOf(answersIn(removed), store.nodes(before.id), current.moved), ...back]),
  };
  await store.save(chat, removed, isContinued ? [] : idsOf(copies));
}

/** Where answers have moved, without those of which a copy or the original is put back. */
function withoutDeletionOf(
  restored: readonly ChatNode[],
  nodes: ChatNodes,
  moved: MovedAnswers = new Map(),
): MovedAnswers {
  const ids = new Set(idsOf(restored));
  const origins = new Set([...ids].map(originOf));
  const all = new Map([...nodes, ...restored.map((node) => [node.id, node] as const)]);
  const kept = new Map([...moved].filter(([id]) => !ids.has(id)));
  const deleted = deletedOrigins(all, kept);
  return new Map([...kept].filter(([id]) => !(origins.has(originOf(id)) && deleted.has(originOf(id)))));
}

function answersIn(nodes: readonly ChatNode[]): readonly ChatNode[] {
  return nodes.filter(({ role }) => role === "assistant");
}

function idsOf(nodes: readonly ChatNode[]): readonly string[] {
  return nodes.map(({ id }) => id);
}
