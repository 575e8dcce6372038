import { expect, it } from "vitest";
import { openTwo, runAll } from "../../test/deviceFixture";
import { chatId } from "../../test/exchangeFixture";
import { randomOf, seeds } from "../../test/random";
import { ThreadServer } from "../../test/threadServer";

/** One device deletes questions and undoes it, both add questions, and each sends and receives changes from time to time. */
async function changeAtRandom(seed: number) {
  const random = randomOf(seed);
  const devices = await openTwo(new ThreadServer());
  const undos: (() => Promise<void>)[] = [];
  let last = 3;
  for (let step = 0; step < 8; step++) {
    const kind = random();
    const at = random() < 0.5 ? 0 : 1;
    const device = devices[at];
    const questions = (await device.names()).filter((name) => name.startsWith("question"));
    const question = questions[Math.floor(random() * questions.length)];
    if (kind < 0.5 && question !== undefined && at === 0) {
      undos.push(await device[kind < 0.35 ? "deleteExchange" : "deleteFrom"](question));
    } else if (kind < 0.85) {
      const [undo] = undos.splice(Math.floor(random() * undos.length), 1);
      if (undo === undefined) {
        continue;
      }
      await undo();
    } else {
      last += 1;
      if (last > 9) {
        continue;
      }
      await device.say(last);
    }
    for (const each of devices) {
      if (random() < 0.4) {
        await each.sync.run();
      }
    }
  }
  await runAll(...devices);
  return devices;
}

it.each(seeds([85, 211, 1024, 1343, 1473, 2074, 2151, 2421, 3770], 60))(
  "Two devices have the same messages, each once, after deletions, undos, and additions in any order (seed %i)",
  async (seed) => {
    const devices = await changeAtRandom(seed);

    const [names, others] = [await devices[0].names(), await devices[1].names()];
    expect(names).toEqual([...new Set(names)]);
    expect(others).toEqual(names);
    for (const { storage } of devices) {
      const nodes = await storage.nodes(chatId);
      const ids = new Set([null, ...nodes.map(({ id }) => id)]);
      expect(nodes.filter(({ parentId }) => !ids.has(parentId))).toEqual([]);
    }
  },
);
