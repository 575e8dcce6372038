import { newId } from "../api/ids";
import type { Chat } from "../chat/chat";
import type { ChatStateStore } from "../chat/state";
import { asArray, asRecord } from "../records";
import type { ChatStorage, ChatUpdate } from "./chatStorage";
import { unsavedPrefix } from "./hasUnsavedChanges";
import { withChanges } from "./withChanges";

/**
 * Keeps what a page that closes has not stored yet: the database writes later than the page asks it to, and not at all once the page is closed. The
 * next page stores it.
 * @param changes What the database has not confirmed.
 */
export function keepUnsavedChanges(changes: () => readonly ChatUpdate[]): () => void {
  const key = unsavedPrefix() + newId();
  const onLeave = () => {
    const unsaved = changes();
    if (unsaved.length > 0) {
      try {
        localStorage.setItem(key, serialize(unsaved));
      } catch {
        // They are larger than the storage.
      }
    }
  };
  const onReturn = () => localStorage.removeItem(key); // the browser had only put the page aside
  addEventListener("pagehide", onLeave);
  addEventListener("pageshow", onReturn);
  return () => {
    removeEventListener("pagehide", onLeave);
    removeEventListener("pageshow", onReturn);
  };
}

/** Stores what pages left that closed before they did. What is stored already, or has changed since, stays. */
export async function storeUnsavedChanges(storage: ChatStorage): Promise<void> {
  for (const key of keys()) {
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
    for (const key of keys()) {
      const left = read(localStorage.getItem(key)).filter(({ chat: { id } }) => chats.has(id) || !before.chats.has(id));
      localStorage.setItem(key, serialize(left));
    }
  });
}

function keys(): readonly string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(unsavedPrefix()));
}

async function store(storage: ChatStorage, { chat, before, added, removed }: ChatUpdate): Promise<void> {
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

function serialize(changes: readonly ChatUpdate[]): string {
  return JSON.stringify(changes.map(serialized), withMaps);
}

/** With only those fields of the earlier chat that differ: the others stay the same objects. */
function serialized({ chat, before, added, removed }: ChatUpdate) {
  const earlier = Object.entries(before ?? {}).filter(([key, value]) => value !== chat[key as keyof Chat]);
  const isNewField = (key: string) => before !== undefined && !(key in before);
  return {
    chat,
    ...(before === undefined
      ? {}
      : { before: { earlier: Object.fromEntries(earlier), absent: Object.keys(chat).filter(isNewField) } }),
    added,
    removed: [...removed],
  };
}

function read(json: string | null): readonly ChatUpdate[] {
  try {
    return asArray(JSON.parse(json ?? "[]", toMaps)).map((change) => {
      const { chat, before, added, removed } = change as ReturnType<typeof serialized>;
      const absent = new Set(before?.absent);
      const kept = Object.fromEntries(Object.entries(chat).filter(([key]) => !absent.has(key)));
      return {
        chat,
        before: before === undefined ? undefined : ({ ...kept, ...before.earlier } as unknown as Chat),
        added,
        removed,
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
