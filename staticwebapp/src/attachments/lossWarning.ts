const unsaved = new Set<Promise<unknown>>();

const ask = (event: BeforeUnloadEvent) => event.preventDefault();

/** Makes the browser ask before the page is closed or loaded again while a file is read or stored, which would lose it. */
export async function warnOfLossUntil(done: Promise<unknown>): Promise<void> {
  unsaved.add(done);
  addEventListener("beforeunload", ask);
  await Promise.allSettled([done]);
  unsaved.delete(done);
  if (unsaved.size === 0) {
    removeEventListener("beforeunload", ask);
  }
}
