import type { Chat } from "../src/chat/chat";
import { type AssistantNode, assistantNode, type ChatNode, type UserNode, userNode } from "../src/chat/tree";
import { newTurn } from "../src/chat/turn";
import type { ChatStorage } from "../src/storage/chatStorage";

/** Stores a chat with some of its nodes, and deletes others. */
export async function saveChat(
  storage: ChatStorage,
  chat: Chat,
  added: readonly ChatNode[] = [],
  removed: Iterable<string> = [],
): Promise<void> {
  await storage.saveAll([{ chat, added, removed, before: undefined }]);
}

export const chatId = "chat-0001";

/** A question whose text is its id. */
export function said(id: string, parentId: string | null, createdAt: number): UserNode {
  return userNode({ id, chatId, parentId, createdAt }, id);
}

interface AnswerOptions {
  readonly chatId?: string;
  readonly text?: string;
}

/** A complete answer whose text is its id. */
export function answered(
  id: string,
  parentId: string,
  createdAt: number,
  { chatId: ofChat = chatId, text = id }: AnswerOptions = {},
): AssistantNode {
  return {
    ...assistantNode({ id, chatId: ofChat, parentId, createdAt }, { tools: [] }),
    turn: {
      ...newTurn,
      status: "complete",
      lastEventId: 9,
      parts: [{ type: "text", text }],
      openFrom: 1,
      messages: [{ role: "assistant", content: text }],
      usage: { input_tokens: 1, output_tokens: 1 },
      model: "m",
      provider: "p",
    },
  };
}
