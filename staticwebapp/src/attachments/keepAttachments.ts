import { type ChatStateStore, isTemporary } from "../chat/state";
import type { AttachedFiles } from "../storage/attachedFiles";
import type { AttachmentStorage } from "../storage/attachmentStorage";
import type { Attachment } from "./attachment";
import { attachmentDrafts, setAttachments } from "./attachmentDrafts";

/** What a tab has sent or removed. */
interface Removal {
  readonly chatId: string;
  readonly ids: readonly string[];
}

const none: readonly Attachment[] = [];

/**
 * Restores what was attached before the page was closed, and keeps what is attached from now on, except in temporary chats. As with the text
 * of a message, what one tab sends or removes disappears from the others, which keep what only they have.
 * @param name The name of the channel between the tabs of an account.
 * @returns A function that ends it.
 */
export async function keepAttachments(
  storage: AttachmentStorage,
  state: ChatStateStore,
  name: string,
): Promise<() => void> {
  const channel = new BroadcastChannel(`${name}.attached`);
  const store = (write: Promise<void>) => void write.catch(() => undefined); // with a full storage, a reload loses them
  const save = (chatId: string, now: readonly Attachment[], before: readonly Attachment[]) => {
    const kept = isTemporary(state.getState(), chatId === "" ? null : chatId) ? none : now;
    const [added, removed] = [without(kept, before), without(before, kept)];
    if (added.length + removed.length > 0) {
      store(storage.change(chatId, added, removed));
    }
    const gone = without(before, now);
    if (gone.length > 0) {
      channel.postMessage({ chatId, ids: gone.map(({ id }) => id) } satisfies Removal);
    }
  };
  const attached = (chatId: string) => attachmentDrafts.getState().get(chatId) ?? none;
  const { chats } = state.getState();
  const removed = new Set<string>(); // while storage was read, which may not show it
  channel.onmessage = ({ data }: MessageEvent<Removal>) => {
    for (const id of data.ids) {
      removed.add(id);
    }
  };
  const restored = new Map<string, AttachedFiles["attachments"]>();
  for (const { chatId, attachments } of await storage.all()) {
    if (chatId === "" || chats.has(chatId)) {
      const kept = attachments.filter(({ id }) => !removed.has(id));
      if (kept.length > 0) {
        restored.set(chatId, kept);
      }
    } else {
      store(storage.remove(chatId)); // the chat was deleted
    }
  }
  attachmentDrafts.setState(restored, true);
  channel.onmessage = ({ data }: MessageEvent<Removal>) => {
    const { chatId, ids } = data;
    if (attached(chatId).some(({ id }) => ids.includes(id))) {
      setAttachments(
        chatId,
        attached(chatId).filter(({ id }) => !ids.includes(id)),
      );
    }
  };
  const unsubscribes = [
    attachmentDrafts.subscribe((drafts, before) => {
      for (const chatId of new Set([...drafts.keys(), ...before.keys()])) {
        save(chatId, drafts.get(chatId) ?? none, before.get(chatId) ?? none);
      }
    }),
    state.subscribe(({ newChatTemporary }, before) => {
      if (newChatTemporary !== before.newChatTemporary) {
        const files = attached("");
        store(newChatTemporary ? storage.change("", none, files) : storage.change("", files, none));
      }
    }),
  ];
  return () => {
    channel.close();
    for (const unsubscribe of unsubscribes) {
      unsubscribe();
    }
  };
}

function without(attachments: readonly Attachment[], others: readonly Attachment[]): readonly Attachment[] {
  const ids = new Set(others.map(({ id }) => id));
  return attachments.filter(({ id }) => !ids.has(id));
}
