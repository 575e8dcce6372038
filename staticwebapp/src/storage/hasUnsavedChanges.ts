import { keyOf } from "./owner";

export const unsavedPrefix = () => keyOf("unsaved.");

/** Whether a page has closed before it stored all of its changes. */
export function hasUnsavedChanges(): boolean {
  return Object.keys(localStorage).some((key) => key.startsWith(unsavedPrefix()));
}
