import { readFileSync } from "node:fs";

const folder = new URL("../../FuncChat.Tests/Golden/", import.meta.url);

/** Whole event streams as the server sends them, which the C# tests read as well. */
export const goldenNames = ["plain-text", "tools-parallel", "error", "reset", "cancelled"] as const;

export type GoldenName = (typeof goldenNames)[number];

export function goldenBytes(name: GoldenName): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.sse`, folder)));
}
