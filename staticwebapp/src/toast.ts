import type { ExternalToast, toast as sonner } from "sonner";
import { createStore } from "zustand/vanilla";

type Sonner = typeof sonner;
/** @param text A function for a note that stays: it follows the language of the page. */
type Show = (text: string | (() => string), options?: ExternalToast) => void;

/** Whether a toast was asked for. What shows them is not part of the first load: few visits have one. */
export const toastsWanted = createStore(() => false);

let shown: Sonner | undefined;
const waiting: ((through: Sonner) => void)[] = [];

/**
 * Shows what was asked for before the part that shows it was there, and from then on at once.
 * @returns A function that ends it.
 */
export function showToastsThrough(through: Sonner): () => void {
  shown = through;
  for (const show of waiting.splice(0)) {
    show(through);
  }
  return () => {
    shown = undefined;
  };
}

const show = (ask: (through: Sonner) => void) => {
  if (shown === undefined) {
    waiting.push(ask);
    toastsWanted.setState(true, true);
  } else {
    ask(shown);
  }
};

/** Milliseconds in which an action, such as undo, can be reached by keyboard or with a screen reader. */
const reachable = 10_000;

const shownAs =
  (kind?: "success" | "error" | "warning"): Show =>
  (text, options) => {
    const lasting = options?.action === undefined ? options : { duration: reachable, ...options };
    show((through) => (kind === undefined ? through : through[kind])(text, lasting));
  };

/** Says something that needs no answer, above what the page shows. */
export const toast = Object.assign(shownAs(), {
  success: shownAs("success"),
  error: shownAs("error"),
  warning: shownAs("warning"),
});
