import type { ModelInfo } from "../api/serverInfo";
import type { ChatOptions } from "../chat/chat";
import { findModel } from "../chat/models";
import type { ChatState } from "../chat/state";
import type { TurnOptions } from "../chat/tree";
import { folderPrompt } from "../folders/folderInstructions";
import { type Settings, settings, turnOptions } from "./settings";

/** What applies to a chat. One from before chats had options keeps the model of its last answer. */
export function chatOptionsOf({ chats, nodes, newChatOptions }: ChatState, chatId: string | null): ChatOptions {
  const chat = chats.get(chatId ?? "");
  if (chat === undefined) {
    return newChatOptions;
  }
  if (chat.options?.model !== undefined) {
    return chat.options;
  }
  const leaf = nodes.get(chat.id)?.get(chat.leafId ?? "");
  const { provider, model } = leaf?.role === "assistant" ? leaf.turn : {};
  return provider === undefined || model === undefined
    ? (chat.options ?? {})
    : { ...chat.options, model: `${provider}:${model}` };
}

/** The options of the next turn of a chat. */
export function nextTurnOptions(state: ChatState, chatId: string | null): TurnOptions {
  const options = chatOptionsOf(state, chatId);
  return turnOptions(settings.getState(), state, state.tools, options, folderPrompt(state, chatId));
}

/** The model that answers next in a chat; undefined while the server's models are unknown. */
export function currentModel(state: ChatState, chatId: string | null, chosen: Settings): ModelInfo | undefined {
  const id = chatOptionsOf(state, chatId).model ?? chosen.model;
  const { models, openProviders } = state;
  return findModel(id, models, openProviders) ?? models?.find((model) => model.is_default) ?? models?.[0];
}
