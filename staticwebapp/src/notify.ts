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
  const title = titleOf(node, state);
  const { status, failure } = node.turn;
  if (status === "failed" && failure !== undefined && isOutOfSight(node, state)) {
    toast.error(strings.answerFailedIn(title), {
      description: explain(failure, state.getState().limits.maxBodyBytes).what,
      action: openChat(node, conversations),
    });
  }
  if (status !== "stopped") {
    notify(strings.answerReady, title, node.chatId, conversations);
  }
}

/** Tells the user about an answer out of sight that waits for an approval or the like. */
export function announceWaiting(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  const title = titleOf(node, state);
  if (isOutOfSight(node, state)) {
    toast.warning(strings.waitingForYou, { description: title, action: openChat(node, conversations) });
  }
  notify(strings.waitingForYou, title, node.chatId, conversations);
}

function titleOf({ chatId }: AssistantNode, state: ChatStateStore): string {
  return state.getState().chats.get(chatId)?.title ?? "";
}

/** Whether the page shows another chat, or no chat. */
function isOutOfSight({ chatId }: AssistantNode, state: ChatStateStore): boolean {
  const { openId, view } = state.getState();
  return openId !== chatId || view !== "chat";
}

function openChat({ chatId }: AssistantNode, conversations: Conversations) {
  return { label: strings.openChat, onClick: () => void conversations.open(chatId) };
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
