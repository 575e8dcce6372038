import { expect, it } from "vitest";
import { type Device, exchanges, openDevice, runAll } from "../../test/deviceFixture";
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

/** Adds and deletes questions of one chat on two devices that are rarely compared. */
async function change(devices: readonly [Device, Device], random: () => number, mayUndo: boolean) {
  const deleted = new Set<string>();
  let last = 3;
  for (let step = 0; step < 10; step++) {
    const device = devices[random() < 0.5 ? 0 : 1];
    const questions = (await device.shown()).filter((name) => name.startsWith("question"));
    const question = questions[Math.floor(random() * questions.length)];
    const what = random();
    if (what < 0.3 && questions.length > 0) {
      last += 1;
      await device.say(last);
    } else if (what < 0.75 && question !== undefined) {
      const isDeletedThere = deleted.has(question);
      const undo = await device.deleteExchange(question);
      deleted.add(question);
      if (mayUndo && random() < 0.4) {
        await undo();
        if (!isDeletedThere) {
          deleted.delete(question);
        }
      }
    } else {
      await device.sync.run();
    }
  }
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  return exchanges(...numbers.filter((number) => !deleted.has(`question-${number}`))).toSorted();
}

async function openTwo() {
  const server = new ThreadServer();
  const devices = [await openDevice(server), await openDevice(server)] as const;
  for (const number of [1, 2, 3]) {
    await devices[0].say(number);
  }
  await runAll(...devices);
  return { server, devices };
}

const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);

it.each(seeds)(
  "Two devices keep each message once, whatever they add and delete at the same time (seed %i)",
  async (seed) => {
    const { server, devices } = await openTwo();

    const kept = await change(devices, numbersFrom(seed), false);
    await runAll(...devices, ...devices);

    expect(await devices[0].names()).toEqual(kept);
    expect(await devices[1].names()).toEqual(kept);
    expect(server.threads.get(chatId)?.turns).toHaveLength(kept.length / 2);
  },
);

it.each(seeds)(
  "Two devices lose no message, whatever they add, delete, and put back at the same time (seed %i)",
  async (seed) => {
    const { devices } = await openTwo();

    const kept = await change(devices, numbersFrom(seed), true);
    await runAll(...devices, ...devices);

    expect(await devices[0].names()).toEqual(expect.arrayContaining(kept));
    expect(await devices[1].names()).toEqual(expect.arrayContaining(kept));
  },
);
