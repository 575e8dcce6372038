import type { ChatApi } from "../api/client";
import type { Requester } from "../api/requester";
import { createThreadApi } from "../api/threads";
import type { ChatStateStore } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import { ChatStorage } from "../storage/chatStorage";
import type { Database } from "../storage/database";
import { SyncStorage } from "../storage/syncStorage";
import { ChatSync, type ChatSyncOptions } from "./chatSync";
import { startSync } from "./startSync";
import { threadedApi } from "./threadedApi";

export interface OpenSyncOptions extends Pick<ChatSyncOptions, "onChanged"> {
  readonly api: ChatApi;
  /** Sends requests as the user. */
  readonly request: Requester;
  readonly database: Database;
  readonly state: ChatStateStore;
  readonly isSignedIn: () => boolean;
}

/** The sync of this browser's chats with the user's threads on the server. */
export interface OpenedSync {
  /** The API with chats as threads. */
  readonly api: ChatApi;
  /** This browser changed a chat. */
  readonly changed: (chatId: string) => void;
  /** Runs the sync now, and from then on when it is due. Resolves when the first run has ended, or failed. */
  readonly start: () => Promise<void>;
  /** Runs the sync once. */
  readonly run: () => Promise<void>;
}

export function openSync({ api, request, database, state, isSignedIn, onChanged }: OpenSyncOptions): OpenedSync {
  const sync = new ChatSync({
    api: createThreadApi(request),
    storage: new ChatStorage(database),
    synced: new SyncStorage(database),
    onChanged,
    onNotCopied: (notCopied) => {
      if (notCopied.size + state.getState().notCopied.size > 0) {
        state.setState({ notCopied });
      }
    },
  });
  let runSoon = () => {};
  return {
    api: threadedApi(
      api,
      (turnId) => answerIn(state, turnId),
      (chatId) => state.getState().nodes.get(chatId) ?? new Map(),
      (answer, nodes) => sync.prepare(answer, nodes),
    ),
    changed: (chatId) => {
      sync.touch(chatId);
      runSoon();
    },
    start: () => {
      const started = startSync(sync, isSignedIn);
      runSoon = started.runSoon;
      return started.first;
    },
    run: () => sync.run(),
  };
}

function answerIn(state: ChatStateStore, turnId: string): AssistantNode | undefined {
  for (const nodes of state.getState().nodes.values()) {
    const node = nodes.get(turnId);
    if (node !== undefined) {
      return node.role === "assistant" ? node : undefined;
    }
  }
  return undefined;
}
