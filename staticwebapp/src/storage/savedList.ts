import { asArray } from "../records";
import { keyOf } from "./owner";

export interface SavedItem {
  readonly id: string;
  readonly name: string;
}

/** A short list that a user keeps on this device, the same in all tabs. */
export interface SavedList<T extends SavedItem> {
  /** By name. */
  items(): readonly T[];
  /**
   * Adds the item, or replaces the one with its id.
   * @throws when the browser's storage is full or not available.
   */
  save(item: T): void;
  remove(id: string): void;
  subscribe(onChange: () => void): () => void;
}

/** @param isItem Whether a stored value is one; others are left out. */
export function createSavedList<T extends SavedItem>(
  name: string,
  isItem: (value: unknown) => value is T,
): SavedList<T> {
  const listeners = new Set<() => void>();
  let read: { readonly key: string; readonly json: string | null; readonly items: readonly T[] } | undefined;
  const items = () => {
    const key = keyOf(name); // another account has another key
    const json = localStorage.getItem(key);
    if (read?.key !== key || read.json !== json) {
      read = { key, json, items: parse(json).filter(isItem) };
    }
    return read.items;
  };
  const write = (changed: readonly T[]) => {
    const sorted = changed.toSorted((a, b) => a.name.localeCompare(b.name));
    localStorage.setItem(keyOf(name), JSON.stringify(sorted));
    for (const listener of listeners) {
      listener();
    }
  };
  return {
    items,
    save: (item) => write([...items().filter(({ id }) => id !== item.id), item]),
    remove: (id) => write(items().filter((item) => item.id !== id)),
    subscribe(onChange) {
      listeners.add(onChange);
      addEventListener("storage", onChange);
      return () => {
        listeners.delete(onChange);
        removeEventListener("storage", onChange);
      };
    },
  };
}

/** Adds those items to a list of which it has none with the same content. */
export function addMissing<T extends SavedItem>(list: SavedList<T>, items: readonly T[]): void {
  const contentOf = ({ id: _, ...content }: T) => JSON.stringify(Object.entries(content).toSorted());
  const known = new Set(list.items().map(contentOf));
  for (const item of items) {
    if (!known.has(contentOf(item))) {
      known.add(contentOf(item));
      list.save(item);
    }
  }
}

function parse(json: string | null): readonly unknown[] {
  try {
    return asArray(JSON.parse(json ?? "[]"));
  } catch {
    return [];
  }
}
