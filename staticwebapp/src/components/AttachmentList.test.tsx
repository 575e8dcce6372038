import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { textAttachment } from "../attachments/attachment";
import { AttachmentList } from "./AttachmentList";

it("An empty file has a size, and one whose size is unknown has none", () => {
  render(
    <AttachmentList
      attachments={[textAttachment("empty.txt", ""), { kind: "file", id: "f", name: "a.docx", size: 0, fileId: "f" }]}
    />,
  );

  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["empty.txt0 B", "a.docx"]);
});

it("A text whose encoding is a guess says which one, and shows a word of it", () => {
  render(
    <AttachmentList
      attachments={[
        {
          ...textAttachment("a.csv", "Viele Grüße!"),
          readAs: { encoding: "Windows-1252", word: "Grüße" },
        },
        { kind: "file", id: "f", name: "b.csv", size: 0, fileId: "f", isGuessed: true },
      ]}
    />,
  );

  const texts = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(texts[0]).toContain("Read as Windows-1252: “Grüße”");
  expect(texts[1]).toBe("b.csvThe server guesses the encoding");
});
