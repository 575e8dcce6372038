import { createStore } from "zustand/vanilla";
import { type Backoff, delayAfter, pause } from "../api/backoff";

/** About eight minutes; a part that an update of the server has removed does not come back. */
const backoff: Backoff = { firstMs: 1_000, maxMs: 30_000, maxFailures: 20 };

/** How many parts of the page were loaded after a failure. */
export const recoveries = createStore(() => 0);

const running = new Map<() => Promise<unknown>, Promise<unknown>>();

/**
 * Loads a part of the page, and tries again for some minutes while that fails. All who wait for it share the attempts.
 * @param load The same function each time.
 */
export function loadPersistently<Module>(load: () => Promise<Module>): Promise<Module> {
  return shared(load, () => attempts(load));
}

/** The same after a first attempt has failed. */
export function loadAgain<Module>(load: () => Promise<Module>): Promise<Module> {
  return shared(load, async () => {
    await pause(delayAfter(1, backoff));
    return attempts(load);
  });
}

function shared<Module>(load: () => Promise<Module>, begin: () => Promise<Module>): Promise<Module> {
  const known = running.get(load) ?? begin().finally(() => running.delete(load));
  running.set(load, known);
  return known as Promise<Module>;
}

async function attempts<Module>(load: () => Promise<Module>): Promise<Module> {
  for (let failures = 0; ; ) {
    try {
      return await load();
    } catch (error) {
      failures += 1;
      if (failures > backoff.maxFailures) {
        throw error;
      }
      await pause(delayAfter(failures, backoff)); // or until the browser is back online
    }
  }
}
