import type { ModelInfo } from "../api/serverInfo";
import type { ChatOptions } from "../chat/chat";
import { findModel } from "../chat/models";
import type { ChatState } from "../chat/state";
import type { TurnOptions } from "../chat/tree";
import { folderPrompt } from "../folders/folderInstructions";
import { settings } from "./settings";

/** For the model, which reads English best. */
const aboutLabel = "What the user wants you to know about them:";

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

/**
 * The options of the next turn of a chat: its model if the server has it, the tools that are on, and the chat's instructions or those for all chats,
 * followed by those of its folder and by what the user wants models to know about them.
 */
export function nextTurnOptions(state: ChatState, chatId: string | null): TurnOptions {
  const chosen = settings.getState();
  const {
    model = chosen.model,
    toolsOff = chosen.toolsOff,
    systemPrompt = "",
    approvedTools = [],
  } = chatOptionsOf(state, chatId);
  const { models, openProviders, tools = [] } = state;
  const offered = models === undefined || findModel(model, models, openProviders) !== undefined;
  const about = chosen.aboutUser.trim();
  const prompt = [
    systemPrompt.trim() === "" ? chosen.systemPrompt : systemPrompt,
    folderPrompt(state, chatId),
    about === "" ? "" : `${aboutLabel}\n${about}`,
  ]
    .filter((each) => each.trim() !== "")
    .join("\n\n");
  return {
    ...(model !== undefined && offered ? { model } : {}),
    tools: tools.map(({ name }) => name).filter((name) => !toolsOff.includes(name)),
    ...(approvedTools.length === 0 ? {} : { approvedTools }),
    ...(prompt === "" ? {} : { systemPrompt: prompt }),
    ...(chosen.temperature === undefined ? {} : { temperature: chosen.temperature }),
  };
}

/** The model that answers next in a chat; undefined while the server's models are unknown. */
export function currentModel(
  state: ChatState,
  chatId: string | null,
  chosen: string | undefined,
): ModelInfo | undefined {
  const id = chatOptionsOf(state, chatId).model ?? chosen;
  const { models, openProviders } = state;
  return findModel(id, models, openProviders) ?? models?.find((model) => model.is_default) ?? models?.[0];
}

/** The id of that model; also of one that was chosen while the server's models are unknown. */
export function currentModelId(state: ChatState, chatId: string | null): string | undefined {
  const chosen = settings.getState().model;
  return currentModel(state, chatId, chosen)?.id ?? chatOptionsOf(state, chatId).model ?? chosen;
}
