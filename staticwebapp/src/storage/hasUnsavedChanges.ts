import { keyOf } from "./owner";

export const unsavedPrefix = () => keyOf("unsaved.");

/** Whether a page has closed before it stored all of its changes. */
export function hasUnsavedChanges(): boolean {
  return unsavedKeys().length > 0;
}

/** Forgets what pages that have closed did not store, also of chats that no page has shown since. */
export function forgetAllUnsavedChanges(): void {
  for (const key of unsavedKeys()) {
    localStorage.removeItem(key);
  }
}

export function unsavedKeys(): readonly string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(unsavedPrefix()));
}
