import type { Chat } from "../chat/chat";
import { newerOf, withInstructions } from "../folders/folderInstructions";

/** A chat as it is stored, with what differs between two versions of it: what another tab has changed since then stays. */
export function withChanges(stored: Chat, before: Chat, after: Chat): Chat {
  const options = withFields(stored.options ?? {}, before.options ?? {}, after.options ?? {});
  const moved = withEntries(stored.moved ?? new Map(), before.moved ?? new Map(), after.moved ?? new Map());
  const changed = withFields(stored, before, after);
  return {
    ...(changed.folderInstructions?.folder === stored.folderInstructions?.folder
      ? withInstructions(changed, newerOf(stored.folderInstructions, changed.folderInstructions))
      : changed),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(moved.size === 0 ? {} : { moved }),
  };
}

function withFields<T extends object>(stored: T, before: T, after: T): T {
  const [old, changed] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return Object.fromEntries(withEntries(new Map(Object.entries(stored)), old, changed)) as T;
}

function withEntries<V>(
  stored: ReadonlyMap<string, V>,
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
): ReadonlyMap<string, V> {
  const kept = [...stored].filter(([key]) => after.has(key) || !before.has(key));
  const changed = [...after].filter(([key, value]) => value !== before.get(key));
  return new Map([...kept, ...changed]);
}
