let prefix = "funcchat";

/**
 * From now on, this browser's storage is that of one account: other accounts find nothing of it. Without a sign-in, all
 * users of the browser share it.
 */
export async function keepFor(accountId: string): Promise<void> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accountId)));
  // The browser's storage contains no name and no e-mail address.
  prefix = `funcchat.${Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** The name of the database, and of the channel between tabs. */
export function ownName(): string {
  return prefix;
}

/** A key of localStorage or sessionStorage. */
export function keyOf(name: string): string {
  return `${prefix}.${name}`;
}
