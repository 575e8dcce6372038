import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../FuncChat.Tests/Golden");

/** Whole event streams as the server sends them, which the C# tests read as well. */
export const goldenNames = ["plain-text", "tools-parallel", "error", "reset", "cancelled"] as const;

export const goldenSearches = ["search", "search-failed"] as const;

export const goldenPlans = ["plan", "plan-failed"] as const;

export type GoldenName = (typeof goldenNames)[number] | (typeof goldenSearches)[number] | (typeof goldenPlans)[number];

export function goldenBytes(name: GoldenName): Uint8Array {
  return new Uint8Array(readFileSync(join(folder, `${name}.sse`)));
}
