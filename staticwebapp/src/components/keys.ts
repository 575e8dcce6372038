import type { KeyboardEvent } from "react";

/** What Safari says of an Enter that ends a composition: it takes the composition to be over by then. */
const composing = 229;

/** Enter, but not Shift+Enter, and not the Enter that ends a composition of an input method. */
export function isEnterToSend({ key, shiftKey, keyCode, nativeEvent }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !nativeEvent.isComposing && keyCode !== composing;
}

/** Where shortcuts show ⌘ instead of Ctrl. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export const modifier = isMac ? "⌘" : "Ctrl";
