import type { KeyboardEvent } from "react";

/** Safari reports this code for an Enter that ends a composition, after the composition has ended. */
const composing = 229;

/** Enter, but not Shift+Enter, and not the Enter that ends a composition of an input method. */
export function isEnterToSend({ key, shiftKey, keyCode, nativeEvent }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !nativeEvent.isComposing && keyCode !== composing;
}

/** True where shortcuts use ⌘ instead of Ctrl. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export const modifier = isMac ? "⌘" : "Ctrl";
