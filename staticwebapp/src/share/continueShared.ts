import type { Services } from "../services";
import { copyOfShared, type ReadChat } from "./sharedChat";

/**
 * Copies a shared chat into the user's own, and opens the copy unless the user has left the page of the link. Its instructions are another user's, and
 * do not apply to it.
 */
export async function continueShared(
  { api, shares, conversations }: Pick<Services, "api" | "shares" | "conversations">,
  shareId: string,
  read: ReadChat,
  isShown: () => boolean,
): Promise<void> {
  const { chat, nodes } = await copyOfShared(
    read,
    async ({ fileId, name }) => {
      try {
        return await api.uploadFile(name, await (await shares()).file(shareId, fileId));
      } catch {
        return fileId; // models receive a note that it is unavailable
      }
    },
    Date.now(),
  );
  await conversations.chats.add(chat, nodes);
  if (isShown()) {
    await conversations.open(chat.id);
  }
}
