import { describe, expect, it } from "vitest";
import { readAttachments } from "./attachment";

const base = { id: "a", name: "a", size: 1 };

describe("attachments of an imported file", () => {
  it("are kept when they are what they should be", () => {
    const attachments = [
      { ...base, kind: "image", url: "data:image/png;base64,iVBORw0KGgo=" },
      { ...base, kind: "document", url: "data:application/pdf;base64,JVBERi0=" },
      { ...base, kind: "text", text: "x" },
      { ...base, kind: "file", fileId: `file_${"0".repeat(32)}` },
    ];

    expect(readAttachments(attachments)).toEqual(attachments);
  });

  it.each([
    { ...base, kind: "image", url: "https://evil.example/beacon.png" },
    { ...base, kind: "image", url: "data:image/svg+xml;base64,PHN2Zy8+" },
    { ...base, kind: "image", url: 'data:image/png;base64,x" onerror="alert(1)' },
    { ...base, kind: "document", url: "data:text/html;base64,PHNjcmlwdD4=" },
    { ...base, kind: "text" },
    { kind: "text", text: "x" },
    null,
    "x",
  ])("are left out when they are %j", (attachment) => {
    expect(readAttachments([attachment])).toEqual([]);
  });

  it.each([undefined, null, {}, "x"])("are none when there is %j in their place", (value) => {
    expect(readAttachments(value)).toEqual([]);
  });
});
