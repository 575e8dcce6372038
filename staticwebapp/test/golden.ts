import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../FuncChat.Tests/Golden");

/** Complete event streams as the server sends them, which the C# tests read as well. */
export const goldenNames = ["plain-text", "tools-parallel", "error", "reset", "cancelled"] as const;

export const goldenSearches = ["search", "search-failed"] as const;

export const goldenPlans = ["plan", "plan-failed"] as const;

export type GoldenName = (typeof goldenNames)[number] | (typeof goldenSearches)[number] | (typeof goldenPlans)[number];

export function goldenBytes(name: GoldenName): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, `${name}.sse`)));
}

/** The stream up to the event, without an end. */
export function until(name: GoldenName, id: number): Uint8Array {
  const text = new TextDecoder().decode(goldenBytes(name));
  return new TextEncoder().encode(text.slice("retry: 1000\n\n".length, text.indexOf(`id: ${id}\n`)));
}

/** The stream from the event on. */
export function from(name: GoldenName, id: number): Uint8Array {
  const text = new TextDecoder().decode(goldenBytes(name));
  return new TextEncoder().encode(text.slice(text.indexOf(`id: ${id}\n`)));
}
