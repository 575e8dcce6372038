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

const full = (limit: string) => () => Response.json({ limit, retryable: false }, { status: 429 });

/** The sync of a browser that has a chat, with a server that refuses requests of a method until `accept` is called. */
async function openRefused(refused: string, refusal: () => Response) {
  const database = await openBrowser();
  await saveChat(new ChatStorage(database), { ...newChat(chatId, "Hello", 0), leafId: "answer-01" }, [
    said("question-1", null, 1),
    answered("answer-01", "question-1", 2),
  ]);
  let isRefused = true;
  const request: Requester = async (path, { method } = {}) => {
    if (isRefused && method === refused) {
      throw await toApiError(refusal());
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
  const accept = () => {
    isRefused = false;
  };
  return { sync, state, accept };
}

it.each([
  ["the limit of threads is reached", full("threads"), "account"],
  ["the limit of bytes is reached", full("thread_bytes"), "account"],
  ["the limit of turns is reached", full("thread_turns"), "chat"],
  ["the server refuses it", () => new Response(null, { status: 400 }), "refused"],
])("The page knows that a chat is not copied when %s, until the server accepts it", async (_, refusal, reason) => {
  const { sync, state, accept } = await openRefused("POST", refusal);

  await sync.run();
  expect(state.getState().notCopied).toEqual(new Map([[chatId, reason]]));

  accept();
  await sync.run();
  expect(state.getState().notCopied).toEqual(new Map());
});

it("The page knows that a chat is not copied whole when the server refuses one of its answers", async () => {
  const { sync, state } = await openRefused("PUT", () => new Response(null, { status: 413 }));

  await sync.run();

  expect(state.getState().notCopied).toEqual(new Map([[chatId, "refused"]]));
});
