import { use, useEffect } from "react";
import { ChatListContext } from "./chatListContext";

/** Drawn in the menu of a chat, and while it is loaded: the chat stays in its place. */
export function KeepOrder({ chatId }: { readonly chatId: string }) {
  const { keepOrder } = use(ChatListContext);
  useEffect(() => keepOrder(chatId), [keepOrder, chatId]);
  return null;
}
