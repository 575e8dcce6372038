import { useEffect } from "react";

const overlay = { overlay: true };

/** Whether Back would close what is over the page. */
export function isOverlayEntry(): boolean {
  return (history.state as Partial<typeof overlay> | null)?.overlay === true;
}

let open = 0;

/**
 * Back closes what is over the page, and does not change what is below: an entry of the history is added for it. It is removed when it closes
 * otherwise. Whatever opens another address replaces it.
 */
export function useBackToClose(onClose: () => void): void {
  useEffect(() => {
    open++;
    if (!isOverlayEntry()) {
      history.pushState(overlay, "");
    }
    addEventListener("popstate", onClose);
    return () => {
      removeEventListener("popstate", onClose);
      open--;
      // Later: the effect may only run again.
      queueMicrotask(() => {
        if (open === 0 && isOverlayEntry()) {
          history.back();
        }
      });
    };
  }, [onClose]);
}
