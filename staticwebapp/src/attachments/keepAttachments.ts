import { type ChatStateStore, isTemporary } from "../chat/state";
import type { AttachmentStorage } from "../storage/attachmentStorage";
import type { OpenTab } from "../storage/openTab";
import type { Attachment } from "./attachment";
import { attachmentDrafts } from "./attachmentDrafts";
import { warnOfLossUntil } from "./lossWarning";

const none: readonly Attachment[] = [];

/**
 * Restores what was attached before the tab was reloaded or closed, and keeps what is attached from now on, except in temporary chats. Each tab
 * has its own files; those of a tab that is closed appear in the next one that opens.
 * @returns A function that ends it.
 */
export async function keepAttachments(
  storage: AttachmentStorage,
  state: ChatStateStore,
  { id, isOpen }: OpenTab,
): Promise<() => void> {
  const store = (write: Promise<void>) => void warnOfLossUntil(write); // with a full storage, a reload loses them
  const change = (chatId: string, added: readonly Attachment[], removed: readonly Attachment[]) =>
    store(storage.change(id, chatId, added, removed));
  const { chats } = state.getState();
  const claimed = await storage.claim(id, isOpen).catch(() => []);
  const isKnown = ({ chatId }: { chatId: string }) => chatId === "" || chats.has(chatId);
  for (const { chatId } of claimed.filter((files) => !isKnown(files))) {
    store(storage.remove(chatId)); // the chat was deleted
  }
  attachmentDrafts.setState(
    new Map(claimed.filter(isKnown).map(({ chatId, attachments }) => [chatId, attachments])),
    true,
  );
  const unsubscribes = [
    attachmentDrafts.subscribe((drafts, before) => {
      for (const chatId of new Set([...drafts.keys(), ...before.keys()])) {
        const temporary = isTemporary(state.getState(), chatId === "" ? null : chatId);
        const kept = (temporary ? undefined : drafts.get(chatId)) ?? none;
        const stored = before.get(chatId) ?? none;
        const [added, removed] = [without(kept, stored), without(stored, kept)];
        if (added.length + removed.length > 0) {
          change(chatId, added, removed);
        }
      }
    }),
    state.subscribe(({ newChatTemporary }, before) => {
      const files = attachmentDrafts.getState().get("") ?? none;
      if (newChatTemporary !== before.newChatTemporary && files.length > 0) {
        change("", newChatTemporary ? none : files, newChatTemporary ? files : none);
      }
    }),
  ];
  return () => {
    for (const unsubscribe of unsubscribes) {
      unsubscribe();
    }
  };
}

function without(attachments: readonly Attachment[], others: readonly Attachment[]): readonly Attachment[] {
  const ids = new Set(others.map(({ id }) => id));
  return attachments.filter(({ id }) => !ids.has(id));
}
