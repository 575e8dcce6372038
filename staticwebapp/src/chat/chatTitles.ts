import { unlessElsewhere } from "../storage/tabs";
import type { Chat } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import type { ChatStateStore } from "./state";
import type { AssistantNode, UserNode } from "./tree";

/** Asks for a title of the chat that begins with these messages; undefined keeps the first line. */
export type TitleOf = (question: UserNode, answer: AssistantNode) => Promise<string | undefined>;

interface ChatTitleOptions {
  readonly state: ChatStateStore;
  readonly titleOf?: TitleOf;
}

/** Names a chat once its first answer is complete, unless the user has named it. */
export async function nameChat(
  answer: AssistantNode,
  store: ChatNodeStore,
  { state, titleOf }: ChatTitleOptions,
): Promise<void> {
  const question = store.nodes(answer.chatId).get(answer.parentId ?? "");
  const isFirst = question?.role === "user" && question.parentId === null && answer.turn.status === "complete";
  if (titleOf === undefined || !isFirst) {
    return;
  }
  const nameable = (): Chat | undefined => {
    const chat = state.getState().chats.get(answer.chatId);
    return chat?.renamed === true || chat?.temporary === true ? undefined : chat;
  };
  await unlessElsewhere(`title.${answer.chatId}`, async () => {
    const chat = nameable();
    if (chat === undefined || chat.titled === true) {
      return;
    }
    await store.save({ ...chat, titled: true });
    const title = await titleOf(question, answer).catch(() => undefined);
    const named = nameable(); // the user may have changed the chat meanwhile
    if (title !== undefined && named?.titled === true) {
      await store.save({ ...named, title });
    }
  });
}
