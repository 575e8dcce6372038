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

const lasting = (options?: ExternalToast): ExternalToast | undefined =>
  options?.action === undefined ? options : { duration: reachable, ...options };

const message: Show = (text, options) => show((through) => through(text, lasting(options)));

/** Says something that needs no answer, above what the page shows. */
export const toast = Object.assign(message, {
  success: ((text, options) => show((through) => through.success(text, lasting(options)))) satisfies Show as Show,
  error: ((text, options) => show((through) => through.error(text, lasting(options)))) satisfies Show as Show,
  warning: ((text, options) => show((through) => through.warning(text, lasting(options)))) satisfies Show as Show,
});
