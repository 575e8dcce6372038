import { type Chat, titleFrom, withoutComparison } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { originOf } from "./copyId";
import { deletedOrigins, type MovedAnswers, withMoves } from "./movedAnswers";
import { type Relocation, relocate } from "./relocation";
import { type DeletedExchange, restoreExchange } from "./restoration";
import {
  type AssistantNode,
  type ChatNode,
  type ChatNodes,
  newestLeaf,
  siblingsOf,
  subtreeOf,
  type UserNode,
  withNodes,
} from "./tree";

/** Whether anything follows the answers of a message. */
export function isFollowed(nodes: ChatNodes, question: UserNode): boolean {
  return subtreeOf(nodes, question).length > 1 + answersTo(nodes, question).length;
}

/**
 * Deletes a message and its answers, and returns a function that puts them back after a node. What follows them is replaced by copies with ids of their own that
 * follow the message before, because a turn on the server can't move. The chat remembers where each answer has moved, for what other devices add.
 */
export async function deleteExchange(
  question: UserNode,
  store: ChatNodeStore,
  currentChat: () => Chat,
): Promise<{ count: number; undo: (place: string | null) => Promise<void> }> {
  const before = currentChat();
  const nodes = store.nodes(before.id);
  const deleted = [question, ...answersTo(nodes, question)];
  const { added, removed, places } = relocate(nodes, new Map(deleted.map(({ id }) => [id, question.parentId])));
  const gone = new Set(idsOf(deleted));
  const moves = removed
    .filter(({ id, role }) => role === "assistant" || !gone.has(id)) // an answer can't follow what a deleted message followed
    .map(({ id }) => [id, places.get(id) ?? null] as const);
  const after = {
    ...withoutComparison(before),
    ...titleAfter(before, question, added),
    leafId: leafAfter(before, question, nodes, removed, added, places),
    moved: withMoves(before.moved, moves, withNodes(nodes, added, idsOf(removed))),
  };
  await store.save(after, added, idsOf(removed));
  const exchange = {
    question,
    answers: answersIn(deleted),
    followers: removed.filter(({ id }) => !gone.has(id)),
  };
  return { count: deleted.length, undo: (place) => restore(exchange, place, before, after, store, currentChat()) };
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
  const rest = withNodes(nodes, added, idsOf(removed));
  const moved = places.get(leafId ?? "");
  const shown = moved === undefined || moved === question.parentId ? leafId : moved;
  const newest = siblingsOf(rest, question).at(-1);
  return shown !== null && rest.has(shown)
    ? shown
    : newest === undefined
      ? question.parentId
      : newestLeaf(rest, newest.id);
}

/** Puts a deleted message and its answers back after a node. */
async function restore(
  deleted: DeletedExchange,
  place: string | null,
  before: Chat,
  after: Chat,
  store: ChatNodeStore,
  current: Chat,
): Promise<void> {
  const nodes = store.nodes(before.id);
  const { added, removed, places } = restoreExchange(deleted, place, nodes);
  const all = withNodes(nodes, added, idsOf(removed));
  const moved = withRestored(answersIn(added), all, current.moved);
  const chat = {
    ...current,
    ...(current.title === after.title && current.renamed !== true ? titleOf(before) : {}),
    leafId: restoredLeaf(current.leafId, before.leafId, added, all, places),
    moved: withMoves(moved, places, all),
  };
  await store.save(chat, added, idsOf(removed));
}

function titleOf({ title, titled = false }: Chat): Pick<Chat, "title" | "titled"> {
  return { title, titled };
}

/** The end of the branch that is shown, where it moved, or else of the one that was deleted. */
function restoredLeaf(
  current: string | null,
  before: string | null,
  added: readonly ChatNode[],
  nodes: ChatNodes,
  places: Relocation["places"],
): string | null {
  const moved = places.get(current ?? "") ?? null;
  const deleted = places.get(before ?? "") ?? before;
  const [first] = added;
  return moved !== null && nodes.has(moved)
    ? moved
    : deleted !== null && nodes.has(deleted)
      ? newestLeaf(nodes, deleted)
      : first === undefined
        ? current
        : newestLeaf(nodes, first.id);
}

/** Where answers have moved: those that counted as deleted are where one of them is put back. */
function withRestored(restored: readonly ChatNode[], nodes: ChatNodes, moved: MovedAnswers = new Map()): MovedAnswers {
  const ids = new Map(restored.map(({ id }) => [originOf(id), id]));
  const kept = new Map([...moved].filter(([id]) => !nodes.has(id)));
  const deleted = deletedOrigins(nodes, kept);
  return new Map(
    [...kept].map(([id, place]) => [id, deleted.has(originOf(id)) ? (ids.get(originOf(id)) ?? place) : place]),
  );
}

function answersIn(nodes: readonly ChatNode[]): readonly AssistantNode[] {
  return nodes.filter((node) => node.role === "assistant");
}

function idsOf(nodes: readonly ChatNode[]): readonly string[] {
  return nodes.map(({ id }) => id);
}
