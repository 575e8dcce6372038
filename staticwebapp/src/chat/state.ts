import { createStore, type StoreApi } from "zustand/vanilla";
import type { Role } from "../admin/adminApi";
import type { Connection } from "../api/followTurn";
import type { ModelInfo, ServerLimits, ToolInfo } from "../api/serverInfo";
import type { Chat, ChatOptions } from "./chat";
import type { ChatNode, ChatNodes } from "./tree";

/** What is shown next to the list of chats. */
export type View = "chat" | "search" | "plan" | "shared" | "usage" | "approvals";

/** What the user could say after an answer. */
export interface Suggestions {
  readonly answerId: string;
  readonly texts: readonly string[];
}

/** All that the page shows, apart from settings and drafts. Changed by `Conversations` only. */
export interface ChatState {
  readonly chats: ReadonlyMap<string, Chat>;
  /** The nodes of the chats that were opened last, and of those with a running turn. */
  readonly nodes: ReadonlyMap<string, ChatNodes>;
  readonly openId: string | null;
  readonly view: View;
  /** The id of the link whose chat is shown, while the view is `shared`. */
  readonly sharedId: string | undefined;
  /** Whether that chat is copied and opened as soon as it is read. */
  readonly continuesShared: boolean;
  /** The message for which the chat was opened. */
  readonly targetId: string | undefined;
  /** What was chosen for the chat that is about to begin. */
  readonly newChatOptions: ChatOptions;
  /** Whether the chat that is about to begin is temporary. */
  readonly newChatTemporary: boolean;
  /** The second model that the next message of the open chat goes to. */
  readonly rival: string | undefined;
  /** The folder of the chat that is about to begin. */
  readonly newChatFolder: string | undefined;
  /** False until this browser's chats are read. */
  readonly ready: boolean;
  /** How each followed turn is connected, by its id. */
  readonly connections: ReadonlyMap<string, Connection>;
  /** When the next attempt to reconnect is made, by the turn's id. */
  readonly retries: ReadonlyMap<string, number>;
  /** What the user could say next, by chat. */
  readonly suggestions: ReadonlyMap<string, Suggestions>;
  readonly models: readonly ModelInfo[] | undefined;
  /** The providers whose models need not be listed. */
  readonly openProviders: readonly string[];
  readonly tools: readonly ToolInfo[] | undefined;
  readonly limits: ServerLimits;
  /** What the user may do for others. */
  readonly roles: readonly Role[];
  /** The chats that are not copied to the server, and why: the account is full, or the copy of the chat alone, or the server refuses them. */
  readonly notCopied: ReadonlyMap<string, "account" | "chat" | "refused">;
  /** Why the server's models and tools are unavailable, in a sentence. */
  readonly serverTrouble: string | undefined;
}

export type ChatStateStore = StoreApi<ChatState>;

/** What was chosen until another chat is shown. */
export const nothingChosen = {
  targetId: undefined,
  newChatOptions: {},
  newChatTemporary: false,
  newChatFolder: undefined,
  rival: undefined,
} satisfies Partial<ChatState>;

export function createChatState(): ChatStateStore {
  return createStore(() => ({
    chats: new Map(),
    nodes: new Map(),
    openId: null,
    view: "chat",
    sharedId: undefined,
    continuesShared: false,
    ...nothingChosen,
    ready: false,
    connections: new Map(),
    retries: new Map(),
    suggestions: new Map(),
    models: undefined,
    openProviders: [],
    tools: undefined,
    limits: {},
    roles: [],
    notCopied: new Map(),
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

/** Whether what is typed now belongs to a temporary chat. */
export function isTemporary({ chats, newChatTemporary }: ChatState, chatId: string | null): boolean {
  return chatId === null ? newChatTemporary : chats.get(chatId)?.temporary === true;
}

/** @throws when the page has no such chat. */
export function knownChat(state: ChatStateStore, chatId: string): Chat {
  const chat = state.getState().chats.get(chatId);
  if (chat === undefined) {
    throw new Error(`There is no chat ${chatId}.`);
  }
  return chat;
}
