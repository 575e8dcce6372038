import { newTurn, type TurnState } from "./turn";

/** What a turn was asked with, besides the messages. Kept with the answer, so that it can be asked again alike. */
export interface TurnOptions {
  readonly model?: string;
  readonly tools: readonly string[];
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
}

export interface AssistantNode extends NodeBase {
  readonly role: "assistant";
  /** Also the `turn_id`: made here before the turn starts, so that any tab can follow it at any time. */
  readonly id: string;
  readonly options: TurnOptions;
  readonly turn: TurnState;
}

/**
 * A chat is a tree: an edited message and a regenerated answer are new siblings, and nothing that was said is lost. A
 * leaf names the branch that is shown.
 */
export type ChatNode = UserNode | AssistantNode;

export type ChatNodes = ReadonlyMap<string, ChatNode>;

export function userNode(base: NodeBase, text: string): UserNode {
  return { ...base, role: "user", text };
}

export function assistantNode(base: NodeBase, options: TurnOptions): AssistantNode {
  return { ...base, role: "assistant", options, turn: newTurn };
}

/** The branch that ends in the leaf, from its first message on. */
export function branchTo(nodes: ChatNodes, leafId: string | null): readonly ChatNode[] {
  const branch: ChatNode[] = [];
  const seen = new Set<string>(); // an imported file may hold a circle
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

/** The node and its alternatives, oldest first. */
export function siblingsOf(nodes: ChatNodes, node: ChatNode): readonly ChatNode[] {
  return childrenOf(nodes, node.parentId);
}

/** The leaf that following the newest child each time leads to. */
export function newestLeaf(nodes: ChatNodes, id: string): string {
  const seen = new Set<string>();
  for (let child = childrenOf(nodes, id).at(-1); child !== undefined && !seen.has(child.id); ) {
    seen.add(child.id);
    id = child.id;
    child = childrenOf(nodes, id).at(-1);
  }
  return id;
}

function childrenOf(nodes: ChatNodes, parentId: string | null): readonly ChatNode[] {
  return [...nodes.values()]
    .filter((node) => node.parentId === parentId)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
