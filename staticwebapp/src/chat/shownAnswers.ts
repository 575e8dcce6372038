import type { Chat } from "./chat";
import type { ChatState } from "./state";
import type { AssistantNode, ChatNodes } from "./tree";
import { isUnfinished } from "./turn";

/** The answers that are shown side by side at the end of a chat; none where it continues with one answer. */
export function comparedAnswers(chat: Chat | undefined, nodes: ChatNodes | undefined): readonly AssistantNode[] {
  const { compared = [], leafId = null } = chat ?? {};
  if (leafId === null || !compared.includes(leafId)) {
    return [];
  }
  const found = compared.map((id) => nodes?.get(id)).filter((node) => node?.role === "assistant");
  return found.length > 1 ? found : [];
}

/** Whether the chat waits for the user, on any of its branches. */
export function waitsForUser({ nodes }: ChatState, chatId: string): boolean {
  return waitingAnswers(nodes.get(chatId)).length > 0;
}

/** The answers that wait for the user, for one version of a chat: each frame of an answer asks for those of all chats. */
const waiting = new WeakMap<ChatNodes, readonly AssistantNode[]>();

/** The answers of a chat that wait for the user. */
export function waitingAnswers(nodes: ChatNodes | undefined): readonly AssistantNode[] {
  if (nodes === undefined) {
    return [];
  }
  const found =
    waiting.get(nodes) ??
    [...nodes.values()]
      .filter((node) => node.role === "assistant")
      .filter(({ turn }) => turn.parked === true && isUnfinished(turn));
  waiting.set(nodes, found);
  return found;
}

/** The answers at the end of a chat that are being written. */
export function runningAnswers({ chats, nodes }: ChatState, chatId: string | null): readonly AssistantNode[] {
  const chat = chats.get(chatId ?? "");
  const ofChat = nodes.get(chatId ?? "");
  const compared = comparedAnswers(chat, ofChat);
  const leaf = ofChat?.get(chat?.leafId ?? "");
  const shown = compared.length > 0 ? compared : leaf?.role === "assistant" ? [leaf] : [];
  return shown.filter(({ turn }) => isUnfinished(turn));
}
