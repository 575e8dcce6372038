/** Notifies the other tabs of this browser that a stored chat has changed, and is notified by them. */
export interface Tabs {
  changed(chatId: string): void;
  close(): void;
}

export function joinTabs(onChanged: (chatId: string) => void, name: string): Tabs {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string") {
      onChanged(data);
    }
  };
  return { changed: (chatId) => channel.postMessage(chatId), close: () => channel.close() };
}

/** Does something unless another tab is doing it: all tabs of a browser share six connections to a server. */
export async function unlessElsewhere(name: string, action: () => Promise<void>): Promise<void> {
  if (typeof navigator === "undefined" || navigator.locks === undefined) {
    await action();
    return;
  }
  let isAnswered = false;
  try {
    await navigator.locks.request(`funcchat.${name}`, { ifAvailable: true }, async (lock) => {
      isAnswered = true;
      if (lock !== null) {
        await action();
      }
    });
  } catch (error) {
    if (isAnswered) {
      throw error;
    }
    await action(); // the browser refuses locks
  }
}
