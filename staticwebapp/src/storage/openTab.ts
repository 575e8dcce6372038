import { newId } from "../api/ids";
import { keyOf } from "./owner";
import { oneAfterTheOther } from "./tabs";

/** This tab, and which others were open when it opened. */
export interface OpenTab {
  /** The same after a reload. */
  readonly id: string;
  readonly isOpen: (tabId: string) => boolean;
}

/**
 * Opens this tab to the others, until it is closed, and starts in it what depends on them. Tabs that open at once start one after the other, and each
 * knows those that have started before it. A browser without locks reports no other tab as open.
 */
export async function openTab(start: (tab: OpenTab) => Promise<unknown>): Promise<void> {
  const key = keyOf("tab");
  const id = sessionStorage.getItem(key) ?? newId();
  // Stored only between two loads: a duplicate of the tab has a copy of its storage, and is another tab.
  sessionStorage.removeItem(key);
  addEventListener("pagehide", () => sessionStorage.setItem(key, id));
  addEventListener("pageshow", () => sessionStorage.removeItem(key));
  const { locks } = navigator as Partial<Navigator>;
  locks?.request(lockOf(id), () => new Promise(() => {})).catch(() => {}); // a browser that refuses locks has none to query either
  await oneAfterTheOther("opening", async () => {
    const { held = [], pending = [] }: LockManagerSnapshot = (await locks?.query().catch(() => undefined)) ?? {};
    const open = new Set([...held, ...pending].map(({ name }) => name));
    await start({ id, isOpen: (tabId) => open.has(lockOf(tabId)) });
  });
}

function lockOf(tabId: string): string {
  return `funcchat.tab.${tabId}`;
}
