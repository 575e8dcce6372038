import { createContext, type ReactNode } from "react";
import type { Chat } from "../chat/chat";
import { hashOf } from "../routing";

export interface ChatListContext {
  /** Keeps all chats where they are in the list until the function that it returns is called. */
  readonly keepOrder: (chatId: string) => () => void;
  /** Shows a dialog about a chat. */
  readonly showDialog: (chatId: string, dialog: ChatDialog) => void;
}

export type ChatDialog = (chat: Chat, onClose: () => void) => ReactNode;

/** What outlives an item of the list, which is drawn again elsewhere when its chat moves, as by another tab. */
export const ChatListContext = createContext<ChatListContext>({ keepOrder: () => () => {}, showDialog: () => {} });

/** Where the keyboard continues when the chat has moved with what had it. */
export const linkOf = (chatId: string) =>
  document.querySelector<HTMLElement>(`nav a[href="${hashOf({ view: "chat", openId: chatId })}"]`);
