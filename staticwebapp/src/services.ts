import { createContext, use } from "react";
import { useStore } from "zustand";
import type { AdminApi } from "./admin/adminApi";
import type { ChatApi } from "./api/client";
import type { Conversations } from "./chat/conversations";
import type { ChatState, ChatStateStore } from "./chat/state";
import type { ChatNodes } from "./chat/tree";
import { type Settings, settings } from "./settings/settings";
import type { ShareApi } from "./share/shareApi";
import type { SignIn } from "./signin/signIn";
import type { ChatStorage } from "./storage/chatStorage";
import type { TurnHistory } from "./storage/turnHistory";

/** What the components depend on; created in startServices.ts, and by tests in their own way. */
export interface Services {
  readonly api: ChatApi;
  readonly state: ChatStateStore;
  readonly conversations: Conversations;
  readonly storage: ChatStorage;
  readonly history: TurnHistory;
  /** What administrators and approvers do, and the links of shared chats: loaded when they are first called, since few visits need them. */
  readonly admin: () => Promise<AdminApi>;
  readonly shares: () => Promise<ShareApi>;
  /** Copies what the server lacks of the user's chats. Absent where chats are in this browser only. */
  readonly bringUp?: (() => Promise<void>) | undefined;
  /** Absent where the server asks for no sign-in, and while it can't be reached. */
  readonly signIn?: SignIn | undefined;
  /** True while users can't sign in because the server can't be reached: the page shows what this browser has stored. */
  readonly offline?: true;
  /** True where a chat is only read: it is shared, and not the user's own. */
  readonly readOnly?: true;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === undefined) {
    throw new Error("A component is outside of ServicesContext.");
  }
  return services;
}

export function useChatState<T>(select: (state: ChatState) => T): T {
  return useStore(useServices().state, select);
}

export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(settings, select);
}

const noNodes: ChatNodes = new Map();

export function useNodes(chatId: string): ChatNodes {
  return useChatState((state) => state.nodes.get(chatId) ?? noNodes);
}
