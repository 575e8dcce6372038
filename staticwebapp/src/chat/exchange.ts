import { newId } from "../api/ids";
import { type Chat, titleFrom } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { copyOf } from "./fork";
import { type ChatNode, type ChatNodes, newestLeaf, siblingsOf, subtreeOf, type UserNode } from "./tree";

/** Whether anything follows the answers of a message. */
export function isFollowed(nodes: ChatNodes, question: UserNode): boolean {
  return followersOf(subtreeOf(nodes, question), question).length > 0;
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
  const removed = subtreeOf(nodes, question);
  const copies = copiesOf(followersOf(removed, question), question.parentId);
  const { compared: _, ...chat } = before;
  const after = {
    ...chat,
    ...titleAfter(before, question, copies),
    leafId: leafAfter(before, question, nodes, removed, copies),
    moved: new Map([...(before.moved ?? []), ...movesOf(removed, question, copies)]),
  };
  await store.save(after, [...copies.values()]);
  await store.removeNodes(after, idsOf(removed));
  return {
    count: removed.length - copies.size,
    undo: () => restore(before, removed, [...copies.values()], store, currentChat()),
  };
}

function followersOf(subtree: readonly ChatNode[], question: UserNode): readonly ChatNode[] {
  const isAnswer = ({ role, parentId }: ChatNode) => role === "assistant" && parentId === question.id;
  return subtree.filter((node) => node !== question && !isAnswer(node));
}

/** Copies that follow another node, by the ids of the originals. */
function copiesOf(nodes: readonly ChatNode[], parentId: string | null): ReadonlyMap<string | null, ChatNode> {
  const ids = new Map<string | null, string>(nodes.map(({ id }) => [id, newId()]));
  return new Map(
    nodes.map((node) => [
      node.id,
      copyOf(node, {
        id: ids.get(node.id) ?? newId(),
        chatId: node.chatId,
        parentId: ids.get(node.parentId) ?? parentId,
      }),
    ]),
  );
}

/** Where the chat continues in place of each removed answer. */
function movesOf(
  removed: readonly ChatNode[],
  question: UserNode,
  copies: ReadonlyMap<string | null, ChatNode>,
): readonly (readonly [string, string | null])[] {
  return removed
    .filter(({ role }) => role === "assistant")
    .map(({ id }) => [id, copies.get(id)?.id ?? question.parentId] as const);
}

/** A chat that is named after its first message is named after the one that is now the first. */
function titleAfter(chat: Chat, question: UserNode, copies: ReadonlyMap<string | null, ChatNode>): Partial<Chat> {
  const first = [...copies.values()].find(({ role, parentId }) => role === "user" && parentId === null);
  return question.parentId === null && chat.renamed !== true && first?.role === "user"
    ? { title: titleFrom(first.text), titled: false }
    : {};
}

function leafAfter(
  { leafId }: Chat,
  question: UserNode,
  nodes: ChatNodes,
  removed: readonly ChatNode[],
  copies: ReadonlyMap<string | null, ChatNode>,
): string | null {
  const rest = new Map(nodes);
  for (const { id } of removed) {
    rest.delete(id);
  }
  for (const copy of copies.values()) {
    rest.set(copy.id, copy);
  }
  const shown = copies.get(leafId)?.id ?? leafId;
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
  store: ChatNodeStore,
  current: Chat,
): Promise<void> {
  const copied = new Set<string | null>(idsOf(copies));
  const isContinued = [...store.nodes(before.id).values()].some(
    ({ id, parentId }) => copied.has(parentId) && !copied.has(id),
  );
  const { titled: _, ...rest } = current;
  const { title, titled, leafId } = before;
  const restored = new Set(idsOf(removed));
  const chat = {
    ...(current.renamed === true ? current : { ...rest, title, ...(titled === undefined ? {} : { titled }) }),
    ...(isContinued ? {} : { leafId }),
    moved: new Map([...(current.moved ?? [])].filter(([id]) => !restored.has(id))),
  };
  await store.save(chat, removed);
  if (!isContinued) {
    await store.removeNodes(chat, idsOf(copies));
  }
}

function idsOf(nodes: readonly ChatNode[]): readonly string[] {
  return nodes.map(({ id }) => id);
}
