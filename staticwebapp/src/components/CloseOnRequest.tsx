import { useEffect, useRef } from "react";

interface CloseWatcher {
  onclose: () => void;
  readonly destroy: () => void;
}

/** Drawn in what is open, closes it when the system asks for it, as Back does on Android. Unlike `useBackToClose`, it adds no entry to the history. */
export function CloseOnRequest({ onClose }: { readonly onClose: () => void }) {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const { CloseWatcher } = globalThis as { readonly CloseWatcher?: new () => CloseWatcher };
    if (CloseWatcher === undefined) {
      return;
    }
    const watcher = new CloseWatcher();
    watcher.onclose = () => latest.current();
    return () => watcher.destroy();
  }, []);
  return null;
}
