import { toast } from "sonner";
import { createApi } from "./api/client";
import { loadCapabilities } from "./chat/capabilities";
import { Conversations } from "./chat/conversations";
import { createChatState } from "./chat/state";
import { announceEnd } from "./notify";
import { connectRouting } from "./routing";
import type { Services } from "./services";
import type { SignIn } from "./signin/signIn";
import { ChatStorage } from "./storage/chatStorage";
import { openDatabase } from "./storage/database";
import { forgetDraftsBut } from "./storage/drafts";
import { ownName } from "./storage/owner";
import { joinTabs } from "./storage/tabs";
import { TurnHistory } from "./storage/turnHistory";

/**
 * Creates what the components depend on, with the chats of the current account.
 * @throws when the browser provides no database.
 */
export async function startServices(base: Promise<string>, signIn: SignIn | undefined): Promise<Services> {
  const api = createApi(base, signIn?.session);
  const database = await openDatabase(ownName());
  const storage = new ChatStorage(database);
  const state = createChatState();
  const tabs = joinTabs((chatId) => void conversations.reload(chatId), ownName());
  const conversations: Conversations = new Conversations({
    api,
    storage,
    state,
    tabs,
    onTrouble: (what) => toast.error(what, { id: what, duration: 30_000 }),
    onEnded: (node) => announceEnd(node, conversations, state),
  });

  await conversations.start();
  forgetDraftsBut(state.getState().chats);
  connectRouting(state, conversations);
  void loadCapabilities(api, state);
  return { api, state, conversations, storage, history: new TurnHistory(database), signIn };
}
