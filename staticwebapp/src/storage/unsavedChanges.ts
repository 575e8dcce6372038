import { newId } from "../api/ids";
import type { Chat } from "../chat/chat";
import type { ChatStateStore } from "../chat/state";
import { asArray, asRecord } from "../records";
import type { ChatStorage, UnsavedChange } from "./chatStorage";
import { unsavedKeys, unsavedPrefix } from "./hasUnsavedChanges";
import { lessOf } from "./lessOf";
import { withChanges } from "./withChanges";

/**
 * Keeps what a page that closes has not stored yet: the database writes later than the page asks it to, and not at all once the page is closed. The
 * next page stores it.
 * @param changes What the database has not confirmed.
 */
export function keepUnsavedChanges(changes: () => readonly UnsavedChange[]): () => void {
  const key = unsavedPrefix() + newId();
  const onLeave = () => {
    const unsaved = changes();
    if (unsaved.length > 0 && !keep(key, unsaved)) {
      keepMost(key, unsaved);
    }
  };
  // The browser had only put the page aside.
  const onReturn = () => {
    for (const each of unsavedKeys().filter((name) => name.startsWith(key))) {
      localStorage.removeItem(each);
    }
  };
  addEventListener("pagehide", onLeave);
  addEventListener("pageshow", onReturn);
  return () => {
    removeEventListener("pagehide", onLeave);
    removeEventListener("pageshow", onReturn);
  };
}

/** Keeps what fits: deletions, then what was said last. */
function keepMost(key: string, changes: readonly UnsavedChange[]): void {
  const isDeletion = ({ isDeleted }: UnsavedChange) => Number(isDeleted === true);
  const inOrder = changes.toSorted((a, b) => isDeletion(b) - isDeletion(a) || b.chat.updatedAt - a.chat.updatedAt);
  for (const [index, change] of inOrder.entries()) {
    for (const less of lessOf(change)) {
      if (keep(`${key}.${index}`, [less])) {
        break;
      }
    }
  }
}

/** Returns whether there was room for it. */
function keep(key: string, changes: readonly UnsavedChange[]): boolean {
  try {
    localStorage.setItem(key, serialize(changes));
    return true;
  } catch {
    return false;
  }
}

/** Stores what pages left that closed before they did. What is stored already, or has changed since, stays. */
export async function storeUnsavedChanges(storage: ChatStorage): Promise<void> {
  for (const key of unsavedKeys()) {
    for (const change of read(localStorage.getItem(key))) {
      await store(storage, change);
    }
    localStorage.removeItem(key);
  }
}

/** Forgets what pages left of chats that are deleted from now on: the next page would bring them back. */
export function forgetUnsavedChanges(state: ChatStateStore): () => void {
  return state.subscribe(({ chats }, before) => {
    if (chats === before.chats || [...before.chats.keys()].every((id) => chats.has(id))) {
      return;
    }
    for (const key of unsavedKeys()) {
      const left = read(localStorage.getItem(key)).filter(({ chat: { id } }) => chats.has(id) || !before.chats.has(id));
      localStorage.setItem(key, serialize(left));
    }
  });
}

async function store(storage: ChatStorage, { chat, before, added, removed, isDeleted }: UnsavedChange): Promise<void> {
  if (isDeleted) {
    // Unless it was continued since.
    await storage.remove(chat.id, (_, stored) => stored !== undefined && stored.updatedAt <= chat.updatedAt);
    return;
  }
  await storage.change(chat.id, (stored, nodes) => {
    const known = new Set(nodes.map(({ id }) => id));
    const missing = added.filter(({ id }) => !known.has(id));
    if (stored === undefined) {
      const isDeleted = before !== undefined && missing.length === 0;
      return isDeleted ? undefined : { chat, added: missing, removed };
    }
    const current = before === undefined ? stored : withChanges(stored, before, withoutOutdated(chat, before, stored));
    return { chat: current, added: missing, removed };
  });
}

/** What is merged by its own entries. */
const merged = new Set(["options", "moved"]);

/** The chat without the changes of what has changed in storage since: days may be between. */
function withoutOutdated(chat: Chat, before: Chat, stored: Chat): Chat {
  const old = new Map(Object.entries(before));
  const current = new Map(Object.entries(stored));
  const isOutdated = ([key]: readonly [string, unknown]) =>
    !merged.has(key) && JSON.stringify(current.get(key)) !== JSON.stringify(old.get(key));
  const kept = Object.entries(chat).filter((entry) => !isOutdated(entry));
  return Object.fromEntries([...kept, ...[...old].filter(isOutdated)]) as unknown as Chat;
}

function serialize(changes: readonly UnsavedChange[]): string {
  return JSON.stringify(changes.map(serialized), withMaps);
}

/** With only those fields of the earlier chat that differ: the others stay the same objects. */
function serialized({ chat, before, added, removed, isDeleted }: UnsavedChange) {
  const earlier = Object.entries(before ?? {}).filter(([key, value]) => value !== chat[key as keyof Chat]);
  const isNewField = (key: string) => before !== undefined && !(key in before);
  return {
    chat,
    ...(before === undefined
      ? {}
      : { before: { earlier: Object.fromEntries(earlier), absent: Object.keys(chat).filter(isNewField) } }),
    added,
    removed: [...removed],
    ...(isDeleted ? { isDeleted } : {}),
  };
}

function read(json: string | null): readonly UnsavedChange[] {
  try {
    return asArray(JSON.parse(json ?? "[]", toMaps)).map((change) => {
      const { chat, before, added, removed, isDeleted } = change as ReturnType<typeof serialized>;
      const absent = new Set(before?.absent);
      const kept = Object.fromEntries(Object.entries(chat).filter(([key]) => !absent.has(key)));
      return {
        chat,
        before: before === undefined ? undefined : ({ ...kept, ...before.earlier } as unknown as Chat),
        added,
        removed,
        ...(isDeleted ? { isDeleted } : {}),
      };
    });
  } catch {
    return []; // of another version
  }
}

const withMaps = (_: string, value: unknown) => (value instanceof Map ? { $map: [...value] } : value);

function toMaps(_: string, value: unknown): unknown {
  const { $map: entries } = value === null || typeof value !== "object" ? {} : asRecord(value);
  return Array.isArray(entries) ? new Map(entries) : value;
}
