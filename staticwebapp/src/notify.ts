import type { Conversations } from "./chat/conversations";
import type { ChatStateStore } from "./chat/state";
import type { AssistantNode } from "./chat/tree";
import { explain } from "./components/failures";
import { strings } from "./i18n/strings";
import { hashOf } from "./routing";
import { settings } from "./settings/settings";
import { toast } from "./toast";

/** Tells the user about an answer that ended out of sight: in another chat, or while the page was in the background. */
export function announceEnd(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  const { chats, openId, view, limits } = state.getState();
  const title = chats.get(node.chatId)?.title ?? "";
  const { status, failure } = node.turn;
  if (status === "failed" && failure !== undefined && (openId !== node.chatId || view !== "chat")) {
    toast.error(strings.answerFailedIn(title), {
      description: explain(failure, limits.maxBodyBytes).what,
      action: { label: strings.openChat, onClick: () => void conversations.open(node.chatId) },
    });
  }
  if (status !== "stopped") {
    notify(strings.answerReady, title, node.chatId, conversations);
  }
}

/** Tells the user about an answer that waits for an approval or the like, while the page is in the background. */
export function announceWaiting({ chatId }: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  notify(strings.waitingForYou, state.getState().chats.get(chatId)?.title ?? "", chatId, conversations);
}

function notify(what: string, title: string, chatId: string, conversations: Conversations): void {
  if (
    !document.hidden ||
    !settings.getState().notify ||
    typeof Notification === "undefined" ||
    Notification.permission !== "granted"
  ) {
    return;
  }
  const options = { body: title, tag: "funcchat", icon: "/icon-192.png" };
  try {
    const notification = new Notification(what, options);
    notification.onclick = () => {
      globalThis.focus();
      void conversations.open(chatId);
      notification.close();
    };
  } catch {
    // Some phones allow notifications from service workers only, which then open this address.
    const data = { address: `/${hashOf({ view: "chat", openId: chatId })}` };
    void navigator.serviceWorker?.ready.then((worker) => worker.showNotification(what, { ...options, data }));
  }
}
