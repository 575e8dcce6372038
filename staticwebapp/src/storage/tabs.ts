/** Notifies the other tabs of this browser that a stored chat has changed, and is notified by them. */
export interface Tabs {
  changed(chatId: string): void;
}

export function joinTabs(onChanged: (chatId: string) => void, name: string): Tabs {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") {
      onChanged(data);
    }
  };
  return { changed: (chatId) => channel.postMessage(chatId) };
}

/** Does something unless another tab is doing it: all tabs of a browser share six connections to a server. */
export function unlessElsewhere(name: string, action: () => Promise<void>): Promise<void> {
  return withLock(name, { ifAvailable: true }, async (isOurs) => {
    if (isOurs) {
      await action();
    }
  });
}

/** More than an action takes that tabs do one after the other. */
const mostWaitMs = 3000;

/** Does something once no other tab is doing it, or has been suspended while it did. */
export function oneAfterTheOther(name: string, action: () => Promise<void>): Promise<void> {
  return withLock(name, { signal: AbortSignal.timeout(mostWaitMs) }, action);
}

async function withLock(name: string, options: LockOptions, action: (isOurs: boolean) => Promise<void>): Promise<void> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) {
    await action(true);
    return;
  }
  let isAnswered = false;
  try {
    await navigator.locks.request(`funcchat.${name}`, options, async (lock) => {
      isAnswered = true;
      await action(lock !== null);
    });
  } catch (error) {
    if (isAnswered) {
      throw error;
    }
    await action(true); // the browser refuses locks, or another tab keeps this one
  }
}
