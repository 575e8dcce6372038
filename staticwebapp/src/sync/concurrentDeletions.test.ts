import { beforeEach, describe, expect, it } from "vitest";
import { exchanges, openTwo, runAll } from "../../test/deviceFixture";
import { chatId } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";

let server: ThreadServer;

beforeEach(() => {
  server = new ThreadServer();
});

/** The four exchanges without these. */
function exchangesBut(...questions: readonly string[]): readonly string[] {
  return exchanges(...[1, 2, 3, 4].filter((number) => !questions.includes(`question-${number}`)));
}

describe("Two devices that delete questions with their answers", () => {
  it.each([
    ["question-1", "question-1"],
    ["question-1", "question-2"],
    ["question-2", "question-1"],
    ["question-1", "question-3"],
    ["question-3", "question-2"],
    ["question-1", "question-4"],
  ])("keeps everything else once when one device deletes %s and the other %s", async (first, second) => {
    const [one, two] = await openTwo(server);
    await two.say(4);

    await one.deleteExchange(first);
    await two.deleteExchange(second);
    await runAll(one, two);

    const kept = exchangesBut(first, second);
    for (const device of [one, two]) {
      expect(await device.shown()).toEqual(kept);
      expect(await device.names()).toEqual([...kept].sort());
    }
    expect(server.questions()).toEqual(kept.filter((name) => name.startsWith("question")));
    const version = server.threads.get(chatId)?.version;
    await runAll(one, two);
    expect(server.threads.get(chatId)?.version).toBe(version);
  });

  it.each([
    ["question-1", "question-1"],
    ["question-1", "question-2"],
    ["question-2", "question-1"],
    ["question-1", "question-3"],
  ])(
    "keeps everything else once when one device deletes %s offline, after the other deleted %s",
    async (first, second) => {
      const [one, two] = await openTwo(server);
      await one.deleteExchange(first);
      await two.deleteExchange(second);
      await two.say(4);
      await two.sync.run();
      await two.sync.run();

      for (let run = 0; run < 3; run++) {
        await one.sync.run();
      }

      const kept = exchangesBut(first, second);
      expect(await one.shown()).toEqual(kept);
      expect(await one.names()).toEqual([...kept].sort());
      expect(server.questions()).toEqual(kept.filter((name) => name.startsWith("question")));
      await runAll(two);
      expect(await two.shown()).toEqual(kept);
      expect(await two.names()).toEqual([...kept].sort());
    },
  );

  it("keeps everything else once when both devices delete several questions", async () => {
    const [one, two] = await openTwo(server);
    await two.say(4);
    await two.say(5);
    await runAll(two, one);

    for (const question of ["question-1", "question-3"]) {
      await one.deleteExchange(question);
    }
    for (const question of ["question-2", "question-3"]) {
      await two.deleteExchange(question);
    }
    await runAll(one, two);

    for (const device of [one, two]) {
      expect(await device.shown()).toEqual(exchanges(4, 5));
      expect(await device.names()).toEqual([...exchanges(4, 5)].sort());
    }
    expect(server.questions()).toEqual(["question-4", "question-5"]);
  });
});
