import type { Conversations } from "./chat/conversations";
import type { ChatState, ChatStateStore } from "./chat/state";

const chatPrefix = "#/chat/";

export function hashOf({ view, openId }: Pick<ChatState, "view" | "openId">): string {
  if (view !== "chat") {
    return `#/${view}`;
  }
  return openId === null ? "#/" : chatPrefix + openId;
}

/**
 * Keeps the address and what is shown in step, so that a chat has an address, and back and forward work. It stands
 * behind the #: a chat's id is this browser's alone, and no server's log needs it.
 */
export function connectRouting(state: ChatStateStore, conversations: Conversations): void {
  const openFromAddress = () => {
    const { hash } = location;
    if (hash === "#/search" || hash === "#/plan") {
      conversations.navigate(hash === "#/search" ? "search" : "plan");
      return;
    }
    const { chats, openId, view } = state.getState();
    const id = hash.startsWith(chatPrefix) ? hash.slice(chatPrefix.length) : null;
    const known = id !== null && chats.has(id) ? id : null;
    if (known !== openId || view !== "chat") {
      void conversations.open(known);
    }
  };
  openFromAddress();
  addEventListener("hashchange", openFromAddress);
  state.subscribe((now, before) => {
    if (hashOf(now) !== hashOf(before) && hashOf(now) !== (location.hash || "#/")) {
      history.pushState(null, "", hashOf(now));
    }
  });
}
