import type { Conversations } from "./chat/conversations";
import type { ChatStateStore } from "./chat/state";

const prefix = "#/chat/";

export function hashOf(chatId: string | null): string {
  return chatId === null ? "#/" : prefix + chatId;
}

/**
 * Keeps the address and the open chat in step, so that a chat has an address, and back and forward work. The id
 * stands behind the #: it is this browser's alone, and no server's log needs it.
 */
export function connectRouting(state: ChatStateStore, conversations: Conversations): void {
  const openFromAddress = () => {
    const id = location.hash.startsWith(prefix) ? location.hash.slice(prefix.length) : null;
    const known = id !== null && state.getState().chats.has(id) ? id : null;
    if (known !== state.getState().openId) {
      void conversations.open(known);
    }
  };
  openFromAddress();
  addEventListener("hashchange", openFromAddress);
  state.subscribe(({ openId }, before) => {
    if (openId !== before.openId && hashOf(openId) !== (location.hash || "#/")) {
      history.pushState(null, "", hashOf(openId));
    }
  });
}
