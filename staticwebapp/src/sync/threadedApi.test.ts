import { afterEach, expect, it, vi } from "vitest";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { createApi } from "../api/client";
import type { TurnRequest } from "../api/requests";
import { byId } from "../chat/tree";
import { threadedApi } from "./threadedApi";

afterEach(() => {
  vi.useRealTimers();
});

it.each([
  ["is prepared", Promise.resolve(true), chatId],
  ["does not respond", new Promise<boolean>(() => {}), undefined],
])("A turn is sent where its thread %s", async (_, prepared, threadId) => {
  vi.useFakeTimers();
  const answer = answered("answer-01", "question-1", 2);
  const nodes = byId([said("question-1", null, 1), answer]);
  const startTurn = vi.fn(async (_request: TurnRequest) => new Response());
  const api = threadedApi(
    { ...createApi("http://127.0.0.1:1/"), startTurn },
    () => answer,
    () => nodes,
    () => prepared,
  );

  const started = api.startTurn({ turn_id: answer.id, messages: [] }, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(4_000);
  await started;

  expect(startTurn).toHaveBeenCalledOnce();
  expect(startTurn.mock.calls[0]?.[0].thread_id).toBe(threadId);
  expect(vi.getTimerCount()).toBe(0);
});
