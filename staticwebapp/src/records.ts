/** The fields of a value that anyone may have written; none where it is no object. */
export function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The items of a value that anyone may have written; none where it is no list. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The object that a JSON text is; undefined where it is none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) || typeof value !== "object" || value === null ? undefined : asRecord(value);
  } catch {
    return undefined;
  }
}
