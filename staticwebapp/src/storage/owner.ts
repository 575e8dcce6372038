let prefix = "funcchat";

/**
 * From now on, what this browser keeps is that of one account: who signs in with another finds none of it. Where nobody
 * signs in, it is everybody's.
 */
export async function keepFor(accountId: string): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accountId)));
  // No name and no address stands in the browser's storage.
  prefix = `funcchat.${Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The name of the database, and of the tabs' channel. */
export function ownName(): string {
  return prefix;
}

/** A key of localStorage or sessionStorage. */
export function keyOf(name: string): string {
  return `${prefix}.${name}`;
}
