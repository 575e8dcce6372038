/** What is stored, with what differs between two versions of it: what was changed since then in other ways stays. */
export function withChanges<T extends object>(stored: T, before: T, after: T): T {
  const merged = new Map<string, unknown>(Object.entries(stored));
  const [old, changed] = [new Map<string, unknown>(Object.entries(before)), Object.entries(after)];
  for (const key of old.keys()) {
    if (!(key in after)) {
      merged.delete(key);
    }
  }
  for (const [key, value] of changed) {
    const [mine, theirs] = [old.get(key), merged.get(key)];
    if (value !== mine) {
      merged.set(key, isRecord(value) && isRecord(mine) && isRecord(theirs) ? withChanges(theirs, mine, value) : value);
    }
  }
  return Object.fromEntries(merged) as T;
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
