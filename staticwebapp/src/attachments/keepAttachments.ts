import { type ChatStateStore, isTemporary } from "../chat/state";
import type { AttachedFiles } from "../storage/attachedFiles";
import type { AttachmentStorage } from "../storage/attachmentStorage";
import { attachmentDrafts } from "./attachmentDrafts";

/**
 * Restores what was attached before the page was closed, and keeps what is attached from now on, except in temporary chats.
 * @returns A function that ends it.
 */
export async function keepAttachments(storage: AttachmentStorage, state: ChatStateStore): Promise<() => void> {
  const save = (chatId: string) => {
    const isKept = !isTemporary(state.getState(), chatId === "" ? null : chatId);
    const attachments = isKept ? (attachmentDrafts.getState().get(chatId) ?? []) : [];
    storage.save(chatId, attachments).catch(() => undefined); // with a full storage, a reload loses them
  };
  const { chats } = state.getState();
  const restored = new Map<string, AttachedFiles["attachments"]>();
  for (const { chatId, attachments } of await storage.all()) {
    if (chatId === "" || chats.has(chatId)) {
      restored.set(chatId, attachments);
    } else {
      save(chatId); // the chat was deleted
    }
  }
  attachmentDrafts.setState(restored, true);
  const unsubscribes = [
    attachmentDrafts.subscribe((drafts, before) => {
      for (const chatId of new Set([...drafts.keys(), ...before.keys()])) {
        if (drafts.get(chatId) !== before.get(chatId)) {
          save(chatId);
        }
      }
    }),
    state.subscribe(({ newChatTemporary }, before) => newChatTemporary !== before.newChatTemporary && save("")),
  ];
  return () => {
    for (const unsubscribe of unsubscribes) {
      unsubscribe();
    }
  };
}
