import { useEffect, useRef } from "react";

export interface Shortcuts {
  readonly search: () => void;
  readonly newChat: () => void;
  readonly list: () => void;
  /** Returns false where there is no field to type into: the key is then the browser's. */
  readonly type: () => boolean;
  /** Esc outside of any dialog or menu. */
  readonly stop: () => void;
}

/** The page's keyboard shortcuts. Those without Ctrl or ⌘ are ignored while the user types. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionOf(event);
      if (action !== undefined && latest.current[action]() !== false) {
        event.preventDefault();
      }
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}

function actionOf(event: KeyboardEvent): keyof Shortcuts | undefined {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") !== null) {
    return undefined;
  }
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    return key === "k" ? "search" : key === "o" && event.shiftKey ? "newChat" : undefined;
  }
  if (key === "escape") {
    return "stop";
  }
  if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]") !== null) {
    return undefined;
  }
  return key === "?" ? "list" : key === "/" ? "type" : undefined;
}
