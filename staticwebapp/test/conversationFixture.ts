import { createApi } from "../src/api/client";
import { Conversations, type ConversationsOptions } from "../src/chat/conversations";
import { createChatState } from "../src/chat/state";
import type { AssistantNode, ChatNode } from "../src/chat/tree";
import { isUnfinished } from "../src/chat/turn";
import { ChatStorage } from "../src/storage/chatStorage";
import { type Database, openDatabase } from "../src/storage/database";

let databases = 0;

/** A browser's storage of its own; pages that are opened on it are its tabs. */
export function openBrowser(): Promise<Database> {
  databases += 1;
  return openDatabase(`test-${databases}`);
}

/** The page without its components, on a server and a browser's storage. */
export function openPage(
  base: string,
  database: Database,
  now: () => number = Date.now,
  titleOf?: ConversationsOptions["titleOf"],
  suggestionsFor?: ConversationsOptions["suggestionsFor"],
) {
  const state = createChatState();
  const storage = new ChatStorage(database);
  const troubles: string[] = [];
  const waited: string[] = [];
  let onFailed: (node: AssistantNode) => void = () => {};
  const failure = new Promise<AssistantNode>((resolve) => {
    onFailed = resolve;
  });
  let saves = 0;
  let onSaved = () => {};
  const conversations = new Conversations({
    api: createApi(base),
    storage,
    state,
    tabs: {
      changed: () => {
        saves += 1;
        onSaved();
      },
    },
    onTrouble: (what) => troubles.push(what),
    ...(titleOf === undefined ? {} : { titleOf }),
    ...(suggestionsFor === undefined ? {} : { suggestionsFor }),
    onWaiting: ({ id }) => waited.push(id),
    onEnded: (node) => node.turn.status === "failed" && onFailed(node),
    now,
    schedule: (flush) => queueMicrotask(flush),
    backoff: { firstMs: 0, maxMs: 0, maxFailures: 2 },
  });
  const nodes = (): ChatNode[] => [...state.getState().nodes.values()].flatMap((chat) => [...chat.values()]);
  const answers = () => nodes().filter((node) => node.role === "assistant");

  return {
    state,
    storage,
    conversations,
    troubles,
    /** The answers that began to wait for the user. */
    waited,
    /** The first answer that failed. */
    failure,
    nodes,
    answers,
    /** Resolves when the page has notified other tabs this many times that something is stored. */
    async saved(times: number): Promise<void> {
      while (saves < times) {
        await new Promise<void>((resolve) => {
          onSaved = resolve;
        });
      }
    },
    /** Resolves with the newest answer once the condition holds. */
    answer(when: (node: AssistantNode) => boolean = (node) => !isUnfinished(node.turn)): Promise<AssistantNode> {
      return new Promise((resolve) => {
        const check = () => {
          const node = answers().at(-1);
          if (node !== undefined && when(node)) {
            unsubscribe();
            resolve(node);
          }
        };
        const unsubscribe = state.subscribe(check);
        check();
      });
    },
  };
}
