import type { Attachment } from "../attachments/attachment";
import { groupedBy } from "../groupedBy";
import { newTurn, type TurnState } from "./turn";

/** The options of a turn. Kept with the answer, so that it can be regenerated with the same ones. */
export interface TurnOptions {
  readonly model?: string;
  readonly tools: readonly string[];
  /** The tools whose calls the user has approved for the chat. */
  readonly approvedTools?: readonly string[];
  readonly systemPrompt?: string;
  readonly temperature?: number;
}

interface NodeBase {
  readonly id: string;
  readonly chatId: string;
  readonly parentId: string | null;
  readonly createdAt: number;
}

export interface UserNode extends NodeBase {
  readonly role: "user";
  readonly text: string;
  readonly attachments?: readonly Attachment[];
}

export interface AssistantNode extends NodeBase {
  readonly role: "assistant";
  /** Also the `turn_id`: created before the turn starts, so that any tab can follow it at any time. */
  readonly id: string;
  readonly options: TurnOptions;
  readonly turn: TurnState;
}

/**
 * A chat is a tree: an edited message and a regenerated answer are new siblings, and nothing is lost. A leaf names the
 * branch that is shown.
 */
export type ChatNode = UserNode | AssistantNode;

export type ChatNodes = ReadonlyMap<string, ChatNode>;

export function userNode(base: NodeBase, text: string, attachments: readonly Attachment[] = []): UserNode {
  return { ...base, role: "user", text: text.toWellFormed(), ...(attachments.length === 0 ? {} : { attachments }) };
}

export function assistantNode(base: NodeBase, options: TurnOptions): AssistantNode {
  return { ...base, role: "assistant", options, turn: newTurn };
}

export function byId(nodes: readonly ChatNode[]): Map<string, ChatNode> {
  return new Map(nodes.map((node) => [node.id, node]));
}

/** The nodes with others added or replaced, and without those that are removed. */
export function withNodes(
  nodes: ChatNodes,
  added: readonly ChatNode[],
  removed: Iterable<string> = [],
): ReadonlyMap<string, ChatNode> {
  const all = new Map([...nodes, ...added.map((node) => [node.id, node] as const)]);
  for (const id of removed) {
    all.delete(id);
  }
  return all;
}

/** The branch that ends in the leaf, from its first message on. */
export function branchTo(nodes: ChatNodes, leafId: string | null): readonly ChatNode[] {
  const branch: ChatNode[] = [];
  const seen = new Set<string>(); // an imported file may contain a cycle
  for (let id = leafId; id !== null && !seen.has(id); ) {
    const node = nodes.get(id);
    if (node === undefined) {
      break;
    }
    seen.add(id);
    branch.push(node);
    id = node.parentId;
  }
  return branch.reverse();
}

/** The node and everything after it, on all branches. */
export function subtreeOf(nodes: ChatNodes, root: ChatNode): readonly ChatNode[] {
  const found = new Map([[root.id, root]]);
  for (const id of found.keys()) {
    for (const child of childrenOf(nodes, id)) {
      found.set(child.id, child); // a Map visits what is added meanwhile, and nothing twice
    }
  }
  return [...found.values()];
}

/** The node and its alternatives, oldest first. */
export function siblingsOf(nodes: ChatNodes, node: ChatNode): readonly ChatNode[] {
  return childrenOf(nodes, node.parentId);
}

/** The leaf that is reached by the newest child of each node. */
export function newestLeaf(nodes: ChatNodes, id: string): string {
  const seen = new Set<string>();
  for (let child = childrenOf(nodes, id).at(-1); child !== undefined && !seen.has(child.id); ) {
    seen.add(child.id);
    id = child.id;
    child = childrenOf(nodes, id).at(-1);
  }
  return id;
}

/** The children of each node, for one version of a chat: a long chat asks for them once per message. */
const children = new WeakMap<ChatNodes, ReadonlyMap<string | null, readonly ChatNode[]>>();

function childrenOf(nodes: ChatNodes, parentId: string | null): readonly ChatNode[] {
  let byParent = children.get(nodes);
  if (byParent === undefined) {
    const byAge = [...nodes.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    byParent = groupedBy(byAge, (node) => node.parentId);
    children.set(nodes, byParent);
  }
  return byParent.get(parentId) ?? [];
}
