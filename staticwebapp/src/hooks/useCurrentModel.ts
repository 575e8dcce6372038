import { useShallow } from "zustand/react/shallow";
import type { ModelInfo } from "../api/serverInfo";
import { useChatState, useSettings } from "../services";
import { currentModel } from "../settings/chatSettings";

/** The model that answers next in a chat; undefined while the server's models are unknown. */
export function useCurrentModel(chatId: string | null): ModelInfo | undefined {
  const chosen = useSettings(({ model }) => model);
  return useChatState(useShallow((state) => currentModel(state, chatId, chosen))); // one that is not listed is another object each time
}
