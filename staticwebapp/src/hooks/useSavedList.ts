import { useSyncExternalStore } from "react";
import type { SavedItem, SavedList } from "../storage/savedList";

export function useSavedList<T extends SavedItem>(list: SavedList<T>): readonly T[] {
  return useSyncExternalStore(list.subscribe, list.items);
}
