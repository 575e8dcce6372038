import { newId } from "../api/ids";
import { copyId, originOf } from "./copyId";
import { copyOf } from "./fork";
import { messageOf } from "./history";
import { type ChatNode, type ChatNodes, subtreeOf, withNodes } from "./tree";

/** How a tree changes when nodes disappear from its middle. */
export interface Relocation {
  /** Copies of what followed those nodes. A turn on the server can't move, so they have ids of their own. */
  readonly added: readonly ChatNode[];
  /** The nodes that disappear, and those that the copies replace. */
  readonly removed: readonly ChatNode[];
  /** What is now in place of each of the removed nodes; null is the beginning of the chat. */
  readonly places: ReadonlyMap<string, string | null>;
}

export interface RelocationOptions {
  /** Nodes that move with what follows them, each with the one that it follows from now on. */
  readonly moving?: ReadonlyMap<string, string | null>;
  /** Nodes that were in the tree before, whose ids return where they do. */
  readonly originals?: readonly ChatNode[];
}

/** @param disappearing The nodes that disappear, each with the one that its followers follow instead. */
export function relocate(
  nodes: ChatNodes,
  disappearing: ReadonlyMap<string, string | null>,
  { moving = new Map(), originals = [] }: RelocationOptions = {},
): Relocation {
  const places = new Map(disappearing);
  const added: ChatNode[] = [];
  const removed = new Map<string, ChatNode>();
  for (const root of nodes.values()) {
    const isRoot = (disappearing.has(root.id) || moving.has(root.id)) && !removed.has(root.id);
    for (const node of isRoot ? subtreeOf(nodes, root) : []) {
      removed.set(node.id, node);
    }
  }
  const rest = new Map(withNodes(nodes, [], removed.keys()));
  for (const node of parentsFirst(removed)) {
    if (places.has(node.id)) {
      continue;
    }
    const to = moving.get(node.id);
    const parentId = to === undefined ? placeOf(node.parentId, places) : to;
    const wanted = originalOf(node, parentId, originals) ?? counterpartOf(node, parentId, rest);
    const id = removed.has(wanted) ? newId() : wanted;
    places.set(node.id, id);
    if (!rest.has(id)) {
      const copy = copyOf(node, { id, chatId: node.chatId, parentId });
      rest.set(id, copy);
      added.push(copy);
    }
  }
  return { added, removed: [...removed.values()], places };
}

/** The node that is in place of another at last; null is the beginning of the chat, and the result where places form a cycle. */
function placeOf(id: string | null, places: Relocation["places"]): string | null {
  const seen = new Set<string>();
  while (id !== null && places.has(id)) {
    if (seen.has(id)) {
      return null;
    }
    seen.add(id);
    id = places.get(id) ?? null;
  }
  return id;
}

/** The answer that a node follows, or the node itself if it is one; null at the beginning. */
export function answerAt(nodes: ChatNodes, id: string | null): string | null {
  const seen = new Set<string>();
  while (id !== null && !seen.has(id) && nodes.get(id)?.role !== "assistant") {
    seen.add(id);
    id = nodes.get(id)?.parentId ?? null;
  }
  return id;
}

/** The id of the node that is or will be the copy. The same message is not repeated. */
function counterpartOf(node: ChatNode, parentId: string | null, nodes: ChatNodes): string {
  if (node.role === "assistant") {
    return copyId(node.id, answerAt(nodes, parentId));
  }
  const same = [...nodes.values()].find((each) => each.parentId === parentId && isSame(each, node));
  return same?.id ?? newId();
}

/** The id that the node had in that place. */
function originalOf(node: ChatNode, parentId: string | null, originals: readonly ChatNode[]): string | undefined {
  return originals.find((each) => each.parentId === parentId && isSame(each, node))?.id;
}

function isSame(a: ChatNode, b: ChatNode): boolean {
  return a.role === "user"
    ? b.role === "user" && JSON.stringify(messageOf(a)) === JSON.stringify(messageOf(b))
    : b.role === "assistant" && originOf(a.id) === originOf(b.id);
}

function parentsFirst(nodes: ChatNodes): readonly ChatNode[] {
  const roots = [...nodes.values()].filter(({ parentId }) => !nodes.has(parentId ?? ""));
  return roots.flatMap((root) => subtreeOf(nodes, root));
}
