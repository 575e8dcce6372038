import { useEffect, useRef } from "react";

interface Overlay {
  readonly close: () => void;
}

/** What is over the page, the top one last. Each has an entry of the history, whose state is the number of those that are open. */
const overlays: Overlay[] = [];

/** Whether the page itself goes back, from entries of what has closed. */
let isLeaving = false;

/** A change of the address that waits until then. */
let waiting = () => {};

function depthOfEntry(): number {
  const { overlay } = (history.state ?? {}) as { readonly overlay?: number };
  return Number(overlay ?? 0);
}

/** Whether Back would close what is over the page. */
export function isOverlayEntry(): boolean {
  return depthOfEntry() > 0;
}

/** Changes the address, but not while the page goes back, which would leave the new one. The last change counts. */
export function changeAddress(change: () => void): void {
  if (isLeaving) {
    waiting = change;
  } else {
    change();
  }
}

function addEntries(): void {
  for (let depth = depthOfEntry() + 1; depth <= overlays.length; depth++) {
    history.pushState({ overlay: depth }, "");
  }
}

/** Goes back from the entries of what is no longer over the page, also where the page was loaded again since. */
export function leaveSpentEntries(): void {
  const spent = depthOfEntry() - overlays.length;
  if (spent > 0 && !isLeaving) {
    addEventListener("popstate", onPopState); // once: it is the same function
    isLeaving = true;
    history.go(-spent);
  }
}

function onPopState(): void {
  if (isLeaving) {
    isLeaving = false;
    const change = waiting;
    waiting = () => {};
    change();
    addEntries(); // of what has opened meanwhile
    return;
  }
  const closing = overlays.slice(depthOfEntry()).reverse();
  if (closing.length > 0 && document.activeElement instanceof HTMLElement) {
    document.activeElement.blur(); // React reports no blur of a field that it removes, and some keep their text then
  }
  for (const { close } of closing) {
    close();
  }
  leaveSpentEntries(); // Forward has led to one
}

function open(overlay: Overlay): () => void {
  addEventListener("popstate", onPopState);
  overlays.push(overlay);
  if (!isLeaving) {
    addEntries();
  }
  return () => {
    overlays.splice(overlays.indexOf(overlay), 1);
    queueMicrotask(leaveSpentEntries); // later: the effect may only run again, or something else opens in its place
  };
}

/**
 * Back closes what is over the page, and does not change what is below: an entry of the history is added for it. It is removed when it closes
 * otherwise. Whatever opens another address replaces it.
 */
export function useBackToClose(onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => open({ close: () => latest.current() }), []);
}
