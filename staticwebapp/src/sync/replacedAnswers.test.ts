import { expect, it } from "vitest";
import { openDevice, runAll } from "../../test/deviceFixture";
import { chatId } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";

it("ends, with the same chat on both devices, when one device deletes two copies of an answer and the other moves both", async () => {
  const server = new ThreadServer();
  const [one, two] = [await openDevice(server), await openDevice(server)];
  for (const number of [1, 2, 3]) {
    await one.say(number);
  }
  const undo = await one.deleteExchange("question-2");
  await one.say(4); // the copy of answer 3 is continued, and stays when the deletion is undone
  await undo();
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
