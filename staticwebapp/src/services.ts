import { createContext, use } from "react";
import { useStore } from "zustand";
import type { ChatApi } from "./api/client";
import type { Conversations } from "./chat/conversations";
import type { ChatState, ChatStateStore } from "./chat/state";
import type { ChatNodes } from "./chat/tree";
import { type Settings, settings } from "./settings/settings";
import type { SignIn } from "./signin/signIn";
import type { ChatStorage } from "./storage/chatStorage";

/** What the components stand on; made once in main.tsx, and by tests in their own way. */
export interface Services {
  readonly api: ChatApi;
  readonly state: ChatStateStore;
  readonly conversations: Conversations;
  readonly storage: ChatStorage;
  /** Absent where nobody signs in. */
  readonly signIn?: SignIn | undefined;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (services === undefined) {
    throw new Error("A component stands outside of ServicesContext.");
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
