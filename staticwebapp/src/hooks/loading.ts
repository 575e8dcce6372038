import { createStore } from "zustand/vanilla";
import { type Backoff, delayAfter, isOffline, pause } from "../api/backoff";
import { strings } from "../i18n/strings";
import { toast } from "../toast";

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
    return attempts(load, 1);
  });
}

/** For a part that is not shown. Browsers from before 2026 keep the failure of a module until the page is loaded again (whatwg/html#10327). */
export function offerReload(): void {
  if (document.querySelector("[data-load-error]") !== null) {
    return; // it offers the same
  }
  toast.error(strings.loadError, {
    id: "load",
    action: { label: strings.reload, onClick: () => location.reload() },
  });
}

function shared<Module>(load: () => Promise<Module>, begin: () => Promise<Module>): Promise<Module> {
  const known = running.get(load) ?? begin().finally(() => running.delete(load));
  running.set(load, known);
  return known as Promise<Module>;
}

async function attempts<Module>(load: () => Promise<Module>, before = 0): Promise<Module> {
  let missingStyles: string | undefined;
  for (let failures = before; ; ) {
    try {
      if (missingStyles !== undefined) {
        await loadStyles(missingStyles);
      }
      return await load();
    } catch (error) {
      failures += 1;
      // Vite requests these only once: the next attempt would succeed without them.
      missingStyles = /preload CSS for (\S+)/.exec(String(error))?.[1] ?? missingStyles;
      if (failures === 2 && !isOffline()) {
        offerReload();
      }
      if (failures > backoff.maxFailures) {
        throw error;
      }
      await pause(delayAfter(failures, backoff)); // or until the browser is back online
    }
  }
}

function loadStyles(href: string): Promise<unknown> {
  return new Promise((onload, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload });
    link.onerror = (error) => {
      link.remove();
      reject(error);
    };
    document.head.append(link);
  });
}
