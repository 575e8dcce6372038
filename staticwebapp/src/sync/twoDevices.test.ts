import { expect, it } from "vitest";
import { type Device, exchanges, openTwo, runAll } from "../../test/deviceFixture";
import { chatId } from "../../test/exchangeFixture";
import { ThreadServer } from "../../test/threadServer";

/** Numbers from 0 to below 1 that are the same for the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    state ^= state >>> 13;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A deletion that can still be undone. */
interface Deletion {
  readonly question: string;
  readonly device: Device;
  readonly undo: () => Promise<void>;
}

/** Adds and deletes questions of one chat on two devices that are rarely compared, and puts some of them back. */
async function change(devices: readonly [Device, Device], random: () => number, mayUndo: boolean) {
  const deletions: Deletion[] = [];
  const deleted = new Map<string, number>();
  const unclear = new Set<string>();
  let last = 3;
  for (let step = 0; step < 10; step++) {
    const device = devices[random() < 0.5 ? 0 : 1];
    const questions = (await device.shown()).filter((name) => name.startsWith("question"));
    const question = questions[Math.floor(random() * questions.length)];
    const what = random();
    if (what < 0.25 && questions.length > 0) {
      last += 1;
      await device.say(last);
    } else if (what < 0.5 && question !== undefined) {
      const times = (deleted.get(question) ?? 0) + 1;
      deleted.set(question, times);
      if (times > 1) {
        unclear.add(question); // both devices delete it, and one of them may put it back
      }
      deletions.push({ question, device, undo: await device.deleteExchange(question) });
    } else if (what < 0.7 && mayUndo && deletions.length > 0) {
      const [deletion] = deletions.splice(Math.floor(random() * deletions.length), 1) as [Deletion];
      const troubles = deletion.device.troubles.length;
      await deletion.undo();
      deleted.set(deletion.question, (deleted.get(deletion.question) ?? 0) - 1);
      if (deletion.device.troubles.length > troubles) {
        unclear.add(deletion.question); // what it followed is gone, which the user reads
      }
    } else {
      await device.sync.run();
    }
  }
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const kept = numbers.filter((number) => (deleted.get(`question-${number}`) ?? 0) === 0);
  return { kept, unclear: mayUndo ? numbers.filter((number) => unclear.has(`question-${number}`)) : [] };
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);

it.each(seeds)(
  "Two devices keep each message once, whatever they add and delete at the same time (seed %i)",
  async (seed) => {
    const server = new ThreadServer();
    const devices = await openTwo(server);

    const { kept } = await change(devices, numbersFrom(seed), false);
    await runAll(...devices, ...devices);

    const names = exchanges(...kept).toSorted();
    expect(await devices[0].names()).toEqual(names);
    expect(await devices[1].names()).toEqual(names);
    expect(server.threads.get(chatId)?.turns).toHaveLength(kept.length);
  },
);

it.each(seeds)(
  "Two devices keep each message once, whatever they add, delete, and put back at the same time (seed %i)",
  async (seed) => {
    const server = new ThreadServer();
    const devices = await openTwo(server);

    const { kept, unclear } = await change(devices, numbersFrom(seed), true);
    await runAll(...devices, ...devices);

    const names = await devices[0].names();
    const mayRemain = new Set(exchanges(...unclear));
    const isClear = (name: string) => !mayRemain.has(name);
    expect(names.filter(isClear)).toEqual(
      exchanges(...kept)
        .filter(isClear)
        .toSorted(),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(await devices[1].names()).toEqual(names);
    expect(server.threads.get(chatId)?.turns).toHaveLength(names.length / 2);
  },
);
