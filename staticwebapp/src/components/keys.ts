import type { KeyboardEvent } from "react";

/** Enter, but not Shift+Enter, and not the Enter that ends a composition of an input method. */
export function isEnterToSend(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing;
}

/** Where shortcuts show ⌘ instead of Ctrl. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

export const modifier = isMac ? "⌘" : "Ctrl";
