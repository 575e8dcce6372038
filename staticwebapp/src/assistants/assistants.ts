import type { ChatOptions } from "../chat/chat";
import { asRecord } from "../records";
import { createSavedList, type SavedItem } from "../storage/savedList";

/** A model with instructions and tools, under a name. */
export interface Assistant extends SavedItem {
  readonly instructions: string;
  /** Absent means the model that new chats have. */
  readonly model?: string;
  /** Absent means the tools that new chats have. */
  readonly toolsOff?: readonly string[];
}

export const assistants = createSavedList<Assistant>("assistants", isAssistant);

export function isAssistant(value: unknown): value is Assistant {
  const { id, name, instructions, model, toolsOff } = asRecord(value);
  return (
    [id, name, instructions].every((each) => typeof each === "string") &&
    (model === undefined || typeof model === "string") &&
    (toolsOff === undefined || (Array.isArray(toolsOff) && toolsOff.every((each) => typeof each === "string")))
  );
}

/** The options of a chat with the assistant. They are the chat's own: later changes of the assistant apply to new chats only. */
export function optionsOf({ instructions, model, toolsOff }: Assistant): ChatOptions {
  return {
    ...(instructions.trim() === "" ? {} : { systemPrompt: instructions }),
    ...(model === undefined ? {} : { model }),
    ...(toolsOff === undefined ? {} : { toolsOff }),
  };
}
