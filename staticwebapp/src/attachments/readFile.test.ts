import { describe, expect, it } from "vitest";
import { ApiError } from "../api/problem";
import { readFile, uploadFile } from "./readFile";

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

describe("uploadFile", () => {
  const refused = (status: number) => async () => {
    throw new ApiError("You have no room for more files.", { code: "INVALID_REQUEST", status, retryable: false });
  };

  it("refers to the server's file, whatever its type", async () => {
    const uploaded: string[] = [];
    const attachment = await uploadFile(file("report.docx", "", "PK"), async (name) => {
      uploaded.push(name);
      return "file_1";
    });

    expect(attachment).toMatchObject({ kind: "file", name: "report.docx", size: 2, fileId: "file_1" });
    expect(uploaded).toEqual(["report.docx"]);
  });

  it("reports the file and the server's reason when it is refused", async () => {
    await expect(uploadFile(file("a.txt", "", "x"), refused(413))).rejects.toThrow(
      "a.txt could not be uploaded. You have no room for more files.",
    );
  });

  it("keeps the file in the message when the server has no files", async () => {
    expect(await uploadFile(file("a.txt", "", "x"), refused(404))).toMatchObject({ kind: "text", text: "x" });
  });
});
