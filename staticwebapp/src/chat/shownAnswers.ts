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

/** Whether the chat waits for the user. */
export function waitsForUser(state: ChatState, chatId: string): boolean {
  return runningAnswers(state, chatId).some(({ turn }) => turn.parked === true);
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
