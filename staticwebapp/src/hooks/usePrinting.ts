import { flushSync } from "react-dom";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

const printing = createStore(() => false);

if (typeof window !== "undefined") {
  // The browser takes its picture right after the event.
  addEventListener("beforeprint", () => flushSync(() => printing.setState(true, true)));
  addEventListener("afterprint", () => printing.setState(false, true));
}

/** True while the page is being printed: everything is then drawn, and nothing is folded. */
export function usePrinting(): boolean {
  return useStore(printing);
}
