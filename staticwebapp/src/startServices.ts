import { toast } from "sonner";
import { createApi } from "./api/client";
import { loadCapabilities } from "./chat/capabilities";
import { Conversations } from "./chat/conversations";
import { createChatState } from "./chat/state";
import { announceFailure } from "./components/failures";
import { connectRouting } from "./routing";
import type { Services } from "./services";
import type { SignIn } from "./signin/signIn";
import { ChatStorage } from "./storage/chatStorage";
import { openDatabase } from "./storage/database";
import { forgetDraftsBut } from "./storage/drafts";
import { ownName } from "./storage/owner";
import { joinTabs } from "./storage/tabs";

/**
 * Makes what the components stand on, over the chats of whoever is here.
 * @throws when this browser keeps no databases.
 */
export async function startServices(base: Promise<string>, signIn: SignIn | undefined): Promise<Services> {
  const api = createApi(base, signIn?.session);
  const storage = new ChatStorage(await openDatabase(ownName()));
  const state = createChatState();
  const tabs = joinTabs((chatId) => void conversations.reload(chatId), ownName());
  const conversations: Conversations = new Conversations({
    api,
    storage,
    state,
    tabs,
    onTrouble: (what) => toast.error(what, { id: what, duration: 30_000 }),
    onFailed: (node) => announceFailure(node, conversations, state),
  });

  await conversations.start();
  forgetDraftsBut(state.getState().chats);
  connectRouting(state, conversations);
  void loadCapabilities(api, state);
  return { api, state, conversations, storage, signIn };
}
