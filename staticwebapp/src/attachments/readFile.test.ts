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
    ["UTF-16 little-endian", [0xff, 0xfe, 0x47, 0, 0xfc, 0]],
    ["UTF-16 big-endian", [0xfe, 0xff, 0, 0x47, 0, 0xfc]],
    ["UTF-8 with a byte order mark", [0xef, 0xbb, 0xbf, 0x47, 0xc3, 0xbc]],
  ])("reads text in %s", async (_, bytes) => {
    expect(await readFile(file("a.txt", "text/plain", new Uint8Array(bytes)))).toMatchObject({ text: "Gü" });
  });

  it("reads text in Windows-1252, and says that this is a guess", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode("Price\r\nGr"), 0xfc, 0xdf, 0x65]);

    expect(await readFile(file("prices.csv", "text/csv", bytes))).toMatchObject({
      text: "[Read as windows-1252, which is a guess.]\nPrice\r\nGrüße",
      readAs: { encoding: "Windows-1252", word: "Grüße" },
    });
    expect(await readFile(file("a.txt", "text/plain", "Grüße"))).not.toHaveProperty("readAs");
  });

  it.each([
    ["mostly other letters", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]],
    ["a Russian name in a table", [...new TextEncoder().encode("id;name;city\r\n1;"), 0xc8, 0xe2, 0xe0, 0xed]],
    ["a Polish name", [0x57, 0x61, 0xb3, 0xea, 0x73, 0x61]],
    ["a byte that it does not use", [...new TextEncoder().encode("M"), 0x81, ...new TextEncoder().encode("nchen")]],
    ["half a character of UTF-16", [0xff, 0xfe, 0x47]],
  ])("asks for UTF-8 where the encoding of a text is not known: %s", async (_, bytes) => {
    await expect(readFile(file("a.txt", "text/plain", new Uint8Array(bytes)))).rejects.toThrow(
      "a.txt: the encoding of this text is not known. Save the file as UTF-8.",
    );
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

  it.each<[string, Uint8Array<ArrayBuffer>, boolean]>([
    ["in a legacy encoding", new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]), true],
    ["in UTF-8", new TextEncoder().encode("Grüße"), false],
    ["that is no text", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0xff]), false],
  ])("marks a file %s only if the server guesses its encoding", async (_, content, isGuessed) => {
    const attachment = await uploadFile(file("a", "", content), async () => "file_1");

    expect("isGuessed" in attachment).toBe(isGuessed);
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
