import type { KeyboardEvent } from "react";

/** Safari reports this code for an Enter that ends a composition, after the composition has ended. */
const composing = 229;

/** Whether the key belongs to an input method, which takes or drops its composition with it. */
export function isComposing({ keyCode, nativeEvent }: KeyboardEvent): boolean {
  return nativeEvent.isComposing || keyCode === composing;
}

/** Enter, but not Shift+Enter, and not the Enter that ends a composition. */
export function isEnterToSend(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !isComposing(event);
}

/** Esc, but not the one that ends a composition. */
export function isEscape(event: KeyboardEvent): boolean {
  return event.key === "Escape" && !isComposing(event);
}

/** True where shortcuts use ⌘ instead of Ctrl. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export const modifier = isMac ? "⌘" : "Ctrl";

export const alt = isMac ? "⌥" : "Alt";
