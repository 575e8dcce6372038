import type { Services } from "../services";
import type { Shared } from "./shareApi";
import { copyOf, type ReadChat, toChat } from "./sharedChat";

/** Copies a shared chat into the user's own, and opens the copy. Its instructions are another user's, and do not apply to it. */
export async function continueShared(
  { api, shares, conversations }: Pick<Services, "api" | "shares" | "conversations">,
  shared: Shared,
  read: ReadChat = toChat(shared),
): Promise<void> {
  const { chat, nodes } = await copyOf(
    read,
    async ({ fileId, name }) => {
      try {
        return await api.uploadFile(name, await shares.file(shared.id, fileId));
      } catch {
        return fileId; // models receive a note that it is unavailable
      }
    },
    Date.now(),
  );
  await conversations.add(chat, nodes);
  await conversations.open(chat.id);
}
