import { createAdminApi } from "../admin/adminApi";
import { createApi } from "../api/client";
import { requester } from "../api/requester";
import { Conversations } from "../chat/conversations";
import { createChatState } from "../chat/state";
import type { Services } from "../services";
import { ChatStorage } from "../storage/chatStorage";
import { openDatabase } from "../storage/database";
import { TurnHistory } from "../storage/turnHistory";
import { createShareApi } from "./shareApi";

/** What a reader without an account needs: the page's own parts over a database that stays empty. */
export async function readerServices(base: Promise<string>): Promise<Services> {
  const api = createApi(base);
  const database = await openDatabase("funcchat-reader");
  const storage = new ChatStorage(database);
  const state = createChatState();
  const conversations = new Conversations({
    api,
    storage,
    state,
    tabs: { changed: () => {} },
    onTrouble: () => {},
  });
  return {
    api,
    state,
    conversations,
    storage,
    history: new TurnHistory(database),
    admin: createAdminApi(requester(base)),
    shares: createShareApi(requester(base)),
    readOnly: true,
  };
}
