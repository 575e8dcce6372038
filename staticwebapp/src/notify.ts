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
  if (status !== "stopped" && document.hidden) {
    notify(title, node.chatId, () => void conversations.open(node.chatId));
  }
}

function notify(title: string, chatId: string, onClick: () => void): void {
  if (!settings.getState().notify || typeof Notification === "undefined" || Notification.permission !== "granted") {
    return;
  }
  const options = { body: title, tag: "funcchat", icon: "/icon-192.png" };
  try {
    const notification = new Notification(strings.answerReady, options);
    notification.onclick = () => {
      globalThis.focus();
      onClick();
      notification.close();
    };
  } catch {
    // Some phones allow notifications from service workers only, which then open this address.
    const data = { address: `/${hashOf({ view: "chat", openId: chatId })}` };
    void navigator.serviceWorker?.ready.then((worker) =>
      worker.showNotification(strings.answerReady, { ...options, data }),
    );
  }
}
