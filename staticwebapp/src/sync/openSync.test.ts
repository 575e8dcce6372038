import { expect, it } from "vitest";
import { openBrowser } from "../../test/conversationFixture";
import { answered, chatId, said, saveChat } from "../../test/exchangeFixture";
import { createApi } from "../api/client";
import { toApiError } from "../api/problem";
import type { Requester } from "../api/requester";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { ChatStorage } from "../storage/chatStorage";
import { openSync } from "./openSync";

it.each([
  ["threads", "account"],
  ["thread_bytes", "account"],
  ["thread_turns", "chat"],
])(
  "The page knows that a chat is not copied when the limit %s is reached, until there is room",
  async (limit, full) => {
    const database = await openBrowser();
    await saveChat(new ChatStorage(database), { ...newChat(chatId, "Hello", 0), leafId: "answer-01" }, [
      said("question-1", null, 1),
      answered("answer-01", "question-1", 2),
    ]);
    let isFull = true;
    const request: Requester = async (path, { method } = {}) => {
      if (isFull && method === "POST") {
        throw await toApiError(Response.json({ limit, retryable: false }, { status: 429 }));
      }
      return path.startsWith("/api/threads?") ? Response.json({ threads: [] }) : Response.json({});
    };
    const state = createChatState();
    const sync = openSync({
      api: createApi("http://127.0.0.1:1/"),
      request,
      database,
      state,
      isSignedIn: () => true,
      onChanged: async () => {},
    });

    await sync.run();
    expect(state.getState().notCopied).toEqual(new Map([[chatId, full]]));

    isFull = false;
    await sync.run();
    expect(state.getState().notCopied).toEqual(new Map());
  },
);
