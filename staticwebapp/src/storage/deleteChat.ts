import { attachmentDrafts, setAttachments } from "../attachments/attachmentDrafts";
import type { Conversations } from "../chat/conversations";
import { keepDraft, readDraft, readOwnDraft } from "./drafts";
import { forgetAllUnsavedChanges } from "./hasUnsavedChanges";

/** Deletes a chat with what is typed and attached in it. The undo puts all of it back. */
export async function deleteChat({ chats }: Conversations, chatId: string): Promise<{ undo: () => Promise<void> }> {
  const draft = readOwnDraft(chatId) ?? readDraft(chatId);
  const attachments = attachmentDrafts.getState().get(chatId) ?? [];
  const { chat, nodes } = await chats.remove(chatId);
  setAttachments(chatId, []);
  const undo = async () => {
    const added = chats.add(chat, nodes);
    // Now that the chat exists again: drafts of others are deleted.
    keepDraft(chatId, draft);
    setAttachments(chatId, attachments);
    await added;
  };
  return { undo };
}

/**
 * Deletes all chats for good, with what is typed and attached in them.
 * @returns Whether storage has deleted them.
 */
export async function deleteAllChats({ chats }: Conversations): Promise<boolean> {
  const isDeleted = await chats.removeAll();
  if (isDeleted) {
    forgetAllUnsavedChanges();
    const files = attachmentDrafts.getState();
    attachmentDrafts.setState(new Map([...files].filter(([chatId]) => chatId === "")), true);
  }
  return isDeleted;
}
