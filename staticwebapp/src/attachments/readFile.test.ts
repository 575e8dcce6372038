import { describe, expect, it } from "vitest";
import { readFile } from "./readFile";

const file = (name: string, type: string, ...parts: (string | Uint8Array<ArrayBuffer>)[]) =>
  new File(parts, name, { type });

describe("readFile", () => {
  it.each([
    ["notes.txt", "text/plain"],
    ["main.rs", ""],
    ["data.json", "application/json"],
    ["drawing.svg", "image/svg+xml"],
  ])("reads %s as text", async (name, type) => {
    expect(await readFile(file(name, type, "Grüße"))).toMatchObject({ kind: "text", name, text: "Grüße", size: 7 });
  });

  it.each([
    ["archive.zip", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0xff])],
    ["program", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
  ])("refuses %s with a reason", async (name, content) => {
    await expect(readFile(file(name, "", content))).rejects.toThrow(`${name}: this file type is not supported.`);
  });

  it("refuses a text that is too large, with the limit", async () => {
    await expect(readFile(file("log.txt", "text/plain", "x".repeat(1_000_001)))).rejects.toThrow(
      "log.txt is too large. The limit is 1.0 MB.",
    );
  });
});
