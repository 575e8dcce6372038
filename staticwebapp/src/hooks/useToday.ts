import { useSyncExternalStore } from "react";

const midnight = () => new Date().setHours(0, 0, 0, 0);

const listeners = new Set<() => void>();
const check = () => {
  for (const listener of listeners) {
    listener();
  }
};
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all. It looks each minute, because one that waits for midnight would also sleep while the device does. */
function subscribe(onChange: () => void): () => void {
  if (listeners.size === 0) {
    timer = setInterval(check, 60_000);
    document.addEventListener("visibilitychange", check);
  }
  listeners.add(onChange);
  return () => {
    listeners.delete(onChange);
    if (listeners.size === 0) {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", check);
    }
  };
}

/** The time at which the current day began. A component that shows dates is drawn again when it changes. */
export function useToday(): number {
  return useSyncExternalStore(subscribe, midnight);
}
