import { unlessElsewhere } from "../storage/tabs";
import type { ChatSync } from "./chatSync";

/** How often the server is asked for changes while the page is visible. */
const everyMs = 8_000;

/** How long changes are collected before they are sent. */
const collectMs = 500;

/**
 * Runs the sync: now, after changes of this browser, when the page is shown or online again, and from time to time. One tab of a browser does it.
 * @returns A function that asks for a run soon, and when the first run has ended, or failed.
 */
export function startSync(
  sync: Pick<ChatSync, "run">,
  isSignedIn: () => boolean,
): { readonly runSoon: () => void; readonly first: Promise<void> } {
  let running: Promise<void> | undefined;
  let isAsked = false;
  const run = async () => {
    if (!navigator.onLine || !isSignedIn()) {
      return;
    }
    try {
      await unlessElsewhere("sync", () => sync.run());
    } catch {
      // Tried again the next time. The page works without the server's copy.
    }
  };
  const soon = () => {
    if (running !== undefined) {
      isAsked = true;
      return;
    }
    running = run().finally(() => {
      running = undefined;
      if (isAsked) {
        isAsked = false;
        setTimeout(soon, collectMs);
      }
    });
  };
  let collecting = false;
  const afterChange = () => {
    if (!collecting) {
      collecting = true;
      setTimeout(() => {
        collecting = false;
        soon();
      }, collectMs);
    }
  };

  setInterval(() => document.visibilityState === "visible" && soon(), everyMs);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  addEventListener("online", soon);
  soon();
  return { runSoon: afterChange, first: running ?? Promise.resolve() };
}
