import { createStore } from "zustand/vanilla";
import type { Attachment } from "./attachment";

/** What is attached to messages that are not sent yet, by chat; "" is the new chat. */
export const attachmentDrafts = createStore<ReadonlyMap<string, readonly Attachment[]>>(() => new Map());

export function setAttachments(chatId: string | null, attachments: readonly Attachment[]): void {
  const drafts = new Map(attachmentDrafts.getState());
  drafts.delete(chatId ?? "");
  if (attachments.length > 0) {
    drafts.set(chatId ?? "", attachments);
  }
  attachmentDrafts.setState(drafts, true);
}
