import { createAdminApi } from "../admin/adminApi";
import { createApi } from "../api/client";
import { requester } from "../api/requester";
import { Conversations } from "../chat/conversations";
import { createChatState } from "../chat/state";
import type { Services } from "../services";
import { ChatStorage } from "../storage/chatStorage";
import type { Database } from "../storage/database";
import { TurnHistory } from "../storage/turnHistory";
import { createShareApi } from "./shareApi";

/** A reader stores nothing. */
const noDatabase = new Proxy({} as Database, {
  get() {
    throw new Error("A shared chat is not stored.");
  },
});

/** What a reader without an account needs: the page's own parts without storage. */
export function readerServices(base: Promise<string>): Services {
  const api = createApi(base);
  const storage = new ChatStorage(noDatabase);
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
    history: new TurnHistory(noDatabase),
    admin: async () => createAdminApi(requester(base)),
    shares: async () => createShareApi(requester(base)),
    readOnly: true,
  };
}
