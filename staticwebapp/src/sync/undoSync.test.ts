import { beforeEach, describe, expect, it } from "vitest";
import { exchanges, openTwo, runAll } from "../../test/deviceFixture";
import { ThreadServer } from "../../test/threadServer";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

describe("The undo of a deletion", () => {
  it("puts back what it deleted on both devices when it is undone after the other device has received the copies", async () => {
    const [one, two] = await openTwo(server);

    const undo = await one.deleteExchange("question-1");
    await runAll(one, two);
    await undo();
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.shown()).toEqual(exchanges(1, 2, 3));
      expect(await device.names()).toEqual([...exchanges(1, 2, 3)].sort());
    }
    expect(server.questions()).toEqual(["question-1", "question-2", "question-3"]);
  });

  it("deletes the same question again after it was put back", async () => {
    const [one, two] = await openTwo(server);
    const undo = await one.deleteExchange("question-1");
    await runAll(one, two);
    await undo();
    await runAll(one, two);

    await one.deleteExchange("question-1");
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.shown()).toEqual(exchanges(2, 3));
      expect(await device.names()).toEqual([...exchanges(2, 3)].sort());
    }
    expect(server.questions()).toEqual(["question-2", "question-3"]);
  });

  it("keeps what another device has added when it is undone", async () => {
    const [one, two] = await openTwo(server);
    await two.say(4);
    await two.sync.run();

    const undo = await one.deleteExchange("question-1");
    await runAll(one, two);
    await undo();
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.names()).toEqual([...exchanges(1, 2, 3, 4)].sort());
      expect(await device.shown()).toEqual(exchanges(1, 2, 3, 4));
    }
  });
});
