import { newId } from "../api/ids";
import { copyId } from "./copyId";
import { copyOf } from "./fork";
import { messageOf } from "./history";
import { type ChatNode, type ChatNodes, subtreeOf } from "./tree";

/** How a tree changes when nodes disappear from its middle. */
export interface Relocation {
  /** Copies of what followed those nodes. A turn on the server can't move, so they have ids of their own. */
  readonly added: readonly ChatNode[];
  /** The nodes that disappear, and those that the copies replace. */
  readonly removed: readonly ChatNode[];
  /** What is now in place of each of the removed nodes; null is the beginning of the chat. */
  readonly places: ReadonlyMap<string, string | null>;
}

/** @param disappearing The nodes that disappear, each with the one that its followers follow instead. */
export function relocate(nodes: ChatNodes, disappearing: ReadonlyMap<string, string | null>): Relocation {
  const places = new Map(disappearing);
  const added: ChatNode[] = [];
  const removed = new Map<string, ChatNode>();
  for (const root of nodes.values()) {
    for (const node of disappearing.has(root.id) && !removed.has(root.id) ? subtreeOf(nodes, root) : []) {
      removed.set(node.id, node);
    }
  }
  const rest = new Map([...nodes].filter(([id]) => !removed.has(id)));
  for (const node of parentsFirst(removed)) {
    if (places.has(node.id)) {
      continue;
    }
    const parentId = placeOf(node.parentId, places);
    const wanted = counterpartOf(node, parentId, rest);
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
  const sent = JSON.stringify(messageOf(node));
  const same = [...nodes.values()].find(
    (each) => each.role === "user" && each.parentId === parentId && JSON.stringify(messageOf(each)) === sent,
  );
  return same?.id ?? newId();
}

function parentsFirst(nodes: ChatNodes): readonly ChatNode[] {
  const roots = [...nodes.values()].filter(({ parentId }) => !nodes.has(parentId ?? ""));
  return roots.flatMap((root) => subtreeOf(nodes, root));
}
