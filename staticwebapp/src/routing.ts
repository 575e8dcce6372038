import type { Conversations } from "./chat/conversations";
import { type ChatState, type ChatStateStore, isTemporary } from "./chat/state";
import { changeAddress, isOverlayEntry, leaveSpentEntries } from "./hooks/useBackToClose";
import { strings } from "./i18n/strings";
import { sharedIn } from "./share/sharedIn";
import { toast } from "./toast";

const chatPrefix = "#/chat/";
const pages = ["search", "plan", "usage", "approvals"] as const;

export function hashOf({
  view,
  openId,
  sharedId,
}: Pick<ChatState, "view" | "openId"> & Partial<Pick<ChatState, "sharedId">>): string {
  if (view === "shared") {
    return `#/share/${sharedId}`;
  }
  if (view !== "chat") {
    return `#/${view}`;
  }
  return openId === null ? "#/" : chatPrefix + openId;
}

/** The address of what is shown. A temporary chat has none of its own. */
function addressOf(state: ChatState): string {
  return hashOf({ ...state, openId: isTemporary(state, state.openId) ? null : state.openId });
}

/**
 * Keeps the address in step with what is shown, so that a chat has an address, and Back and Forward work. It is after
 * the #: a chat's id belongs to this browser, and no server's log needs it.
 * @param firstSync Resolves when the user's chats on the server were first compared with those here, where they are: the address may be of one from another device.
 * @returns A function that ends it.
 */
export function connectRouting(
  state: ChatStateStore,
  conversations: Conversations,
  firstSync?: Promise<void>,
): () => void {
  let isSyncing = firstSync !== undefined;
  /** The chat of the address, while the first sync may bring it. */
  let awaited: string | undefined;
  /** The chats that were deleted since the page was opened: Back leads to their addresses. */
  const deleted = new Set<string>();
  const openFromAddress = () => {
    awaited = undefined;
    const { hash } = location;
    const page = pages.find((view) => hash === `#/${view}`);
    if (page !== undefined) {
      conversations.navigate(page);
      return;
    }
    const shared = sharedIn(hash);
    if (shared !== undefined) {
      if (shared.continues) {
        history.replaceState(null, "", `#/share/${shared.shareId}`); // Back and a reload do not copy the chat again
      }
      conversations.showShared(shared.shareId, shared.continues);
      return;
    }
    const { chats, openId, view } = state.getState();
    if (openId !== null && isTemporary(state.getState(), openId) && (hash === "" || hash === "#/")) {
      conversations.navigate("chat"); // back to the temporary chat
      return;
    }
    const id = hash.startsWith(chatPrefix) ? hash.slice(chatPrefix.length) : null;
    const known = id !== null && chats.has(id) ? id : null;
    if (id !== null && known === null && isSyncing && !deleted.has(id)) {
      awaited = id;
    } else if (id !== null && known === null) {
      if (!deleted.has(id)) {
        toast(strings.chatNotFound);
      }
      history.replaceState(null, "", "#/");
    }
    if (known !== openId || view !== "chat") {
      void conversations.open(known);
    }
  };
  openFromAddress();
  leaveSpentEntries();
  addEventListener("hashchange", openFromAddress);
  const update = () => {
    const address = addressOf(state.getState());
    if (address !== (location.hash || "#/")) {
      if (isOverlayEntry()) {
        history.replaceState(null, "", address);
      } else {
        history.pushState(null, "", address);
      }
    }
  };
  const unsubscribe = state.subscribe((now, before) => {
    if (now.chats !== before.chats) {
      for (const id of before.chats.keys()) {
        if (!now.chats.has(id)) {
          deleted.add(id);
        }
      }
    }
    const hasLeft = awaited !== undefined && (now.openId !== before.openId || now.view !== before.view);
    if (hasLeft) {
      awaited = undefined;
    } else if (awaited !== undefined && now.chats.has(awaited)) {
      openFromAddress();
      return;
    }
    if (hasLeft || addressOf(now) !== addressOf(before)) {
      changeAddress(update);
    }
  });
  void firstSync?.then(() => {
    isSyncing = false;
    if (awaited !== undefined) {
      openFromAddress();
    }
  });
  return () => {
    awaited = undefined;
    removeEventListener("hashchange", openFromAddress);
    unsubscribe();
  };
}
