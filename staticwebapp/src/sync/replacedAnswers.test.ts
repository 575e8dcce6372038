import { expect, it } from "vitest";
import { openTwo, runAll } from "../../test/deviceFixture";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";
import { newChat } from "../chat/chat";
import { copyId } from "../chat/copyId";

it("ends, with the same chat on both devices, when one device deletes two copies of an answer and the other moves both", async () => {
  const server = new ThreadServer();
  const [one, two] = await openTwo(server);
  const chat = (await one.storage.chat(chatId)) ?? newChat(chatId, "question-1", 0);
  const copy = answered(copyId("answer-03", "answer-01"), "copy-3", 8, { text: "answer-03" });
  await one.conversations.chats.add({ ...chat, leafId: copy.id }, [
    { ...said("copy-3", "answer-01", 7), text: "question-3" },
    copy,
  ]);
  await one.say(4);
  await runAll(one, two);
  const first = await two.find("answer-01");
  await two.conversations.open(chatId);
  for (const node of await two.storage.nodes(chatId)) {
    if (node.parentId === first.id) {
      await two.conversations.deletions.deleteFrom(node);
    }
  }
  two.sync.touch(chatId);
  await one.deleteExchange("question-1");

  await runAll(two, one);

  expect(await two.names()).toEqual(await one.names());
});
