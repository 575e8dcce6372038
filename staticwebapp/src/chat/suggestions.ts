import { unlessElsewhere } from "../storage/tabs";
import type { ChatNodeStore } from "./chatNodeStore";
import { comparedAnswers } from "./shownAnswers";
import { type ChatStateStore, withEntry } from "./state";
import type { AssistantNode, UserNode } from "./tree";

/** Asks what the user could say after these messages. */
export type SuggestionsFor = (question: UserNode, answer: AssistantNode) => Promise<readonly string[]>;

interface SuggestionOptions {
  readonly state: ChatStateStore;
  readonly suggestionsFor?: SuggestionsFor;
}

/** Suggests what to say after an answer that is complete, while its chat is open and nothing else follows. They are kept in the page only. */
export async function suggestNext(
  answer: AssistantNode,
  store: ChatNodeStore,
  { state, suggestionsFor }: SuggestionOptions,
): Promise<void> {
  const { id, chatId, parentId } = answer;
  const isLast = () => {
    const { chats, openId } = state.getState();
    const chat = chats.get(chatId);
    return (
      openId === chatId &&
      chat?.leafId === id &&
      chat.queued === undefined &&
      comparedAnswers(chat, store.nodes(chatId)).length === 0
    );
  };
  const question = store.nodes(chatId).get(parentId ?? "");
  if (suggestionsFor === undefined || question?.role !== "user" || answer.turn.status !== "complete" || !isLast()) {
    return;
  }
  await unlessElsewhere(`suggestions.${id}`, async () => {
    const texts = await suggestionsFor(question, answer).catch(() => []);
    if (texts.length > 0 && isLast()) {
      state.setState(({ suggestions }) => ({ suggestions: withEntry(suggestions, chatId, { answerId: id, texts }) }));
    }
  });
}
