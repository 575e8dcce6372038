/** Storage until the page is closed. */
class PageStorage implements Storage {
  readonly #items = new Map<string, string>();

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  clear(): void {
    this.#items.clear();
  }
}

/** Where the browser refuses storage, as it does to sites whose cookies are blocked, what is stored lasts until the page is closed. */
export function ensureStorage(): void {
  for (const name of ["localStorage", "sessionStorage"] as const) {
    if (!isUsable(name)) {
      Object.defineProperty(globalThis, name, { configurable: true, value: new PageStorage() });
    }
  }
}

function isUsable(name: "localStorage" | "sessionStorage"): boolean {
  try {
    return (globalThis[name] as Storage | null) !== null;
  } catch {
    return false;
  }
}
