let prefix = "funcchat";

const lastKey = "funcchat.owner";

/**
 * From now on, this browser's storage is that of one account: other accounts find nothing of it. Without a sign-in, all
 * users of the browser share it.
 */
export async function keepFor(accountId: string): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accountId)));
  // The browser's storage contains no name and no e-mail address.
  prefix = `funcchat.${Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Remembers that storage for a page that opens without its server. */
export function rememberOwner(): void {
  try {
    localStorage.setItem(lastKey, prefix);
  } catch {
    // Without storage, there is nothing to show offline.
  }
}

/** Whether an account is known that has signed in on this browser. */
export function knowsOwner(): boolean {
  return localStorage.getItem(lastKey) !== null;
}

/** From now on, this browser's storage is that of the account that signed in last. */
export function keepForLast(): void {
  prefix = localStorage.getItem(lastKey) ?? prefix;
}

/** The name of the database, and of the channel between tabs. */
export function ownName(): string {
  return prefix;
}

/** A key of localStorage or sessionStorage. */
export function keyOf(name: string): string {
  return `${prefix}.${name}`;
}
