import { createStore, type StoreApi } from "zustand/vanilla";
import type { ModelInfo, ToolInfo } from "../api/client";
import type { Connection } from "../api/followTurn";
import type { Chat } from "./chat";
import type { ChatNode, ChatNodes } from "./tree";

/** What stands beside the list of chats. */
export type View = "chat" | "search" | "plan";

/** All that the page shows, apart from settings and drafts. Changed by `Conversations` alone. */
export interface ChatState {
  readonly chats: ReadonlyMap<string, Chat>;
  /** The nodes of every chat that was opened, or has a turn under way. */
  readonly nodes: ReadonlyMap<string, ChatNodes>;
  readonly openId: string | null;
  readonly view: View;
  /** The message for which the chat was opened. */
  readonly targetId: string | undefined;
  /** False until the chats of this browser are read. */
  readonly ready: boolean;
  /** How each turn that is followed is connected, by its id. */
  readonly connections: ReadonlyMap<string, Connection>;
  readonly models: readonly ModelInfo[] | undefined;
  readonly tools: readonly ToolInfo[] | undefined;
  /** Why the server's offer could not be had yet, in a sentence. */
  readonly serverTrouble: string | undefined;
}

export type ChatStateStore = StoreApi<ChatState>;

export function createChatState(): ChatStateStore {
  return createStore(() => ({
    chats: new Map(),
    nodes: new Map(),
    openId: null,
    view: "chat",
    targetId: undefined,
    ready: false,
    connections: new Map(),
    models: undefined,
    tools: undefined,
    serverTrouble: undefined,
  }));
}

/** A copy of the map with one entry set, or without it when the value is undefined. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): ReadonlyMap<K, V> {
  const copy = new Map(map);
  if (value === undefined) {
    copy.delete(key);
  } else {
    copy.set(key, value);
  }
  return copy;
}

export function withNode(state: ChatState, node: ChatNode): ChatState["nodes"] {
  const nodes = state.nodes.get(node.chatId) ?? new Map<string, ChatNode>();
  return withEntry(state.nodes, node.chatId, withEntry(nodes, node.id, node));
}
