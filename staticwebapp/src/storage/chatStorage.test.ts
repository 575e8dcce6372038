import { expect, it } from "vitest";
import { openBrowser } from "../../test/conversationFixture";
import { answered, chatId, said, saveChat } from "../../test/exchangeFixture";
import { newChat } from "../chat/chat";
import { ChatStorage } from "./chatStorage";

it("A change is made of what is stored at one moment, and loses nothing that is saved at the same time", async () => {
  const storage = new ChatStorage(await openBrowser());
  const chat = newChat(chatId, "Hello", 0);
  const seen: boolean[] = [];
  const pending: Promise<void>[] = [];

  for (let turn = 0; turn < 10; turn++) {
    const message = said(`message-${turn}`, null, turn);
    pending.push(saveChat(storage, { ...chat, leafId: message.id }, [message]));
    pending.push(
      storage.change(chatId, (stored, nodes) => {
        seen.push(nodes.some(({ id }) => id === stored?.leafId) && nodes.length >= turn + 1);
        const answer = answered(`answer-0${turn}`, message.id, turn);
        return stored && { chat: { ...stored, leafId: answer.id }, added: [answer], removed: [] };
      }),
    );
  }
  await Promise.all(pending);

  expect(seen).toEqual(Array.from({ length: 10 }, () => true));
  expect(await storage.nodes(chatId)).toHaveLength(20);
});

it("A change that returns nothing changes nothing", async () => {
  const storage = new ChatStorage(await openBrowser());
  const message = said("message", null, 1);
  await saveChat(storage, { ...newChat(chatId, "Hello", 0), leafId: message.id }, [message]);

  await storage.change(chatId, () => undefined);

  expect(await storage.nodes(chatId)).toEqual([message]);
});

it("A turn that ends while its first save is in flight is no longer running", async () => {
  const storage = new ChatStorage(await openBrowser());
  const chat = newChat(chatId, "Hello", 0);
  const ended = answered("answer-01", "message", 1);
  const running = { ...ended, turn: { ...ended.turn, status: "running" as const } };

  await Promise.all([saveChat(storage, chat, [running]), saveChat(storage, chat, [ended])]);

  expect(await storage.runningChats()).toEqual([]);
});
