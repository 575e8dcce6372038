import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { textAttachment } from "../attachments/readFile";
import { AttachmentList } from "./AttachmentList";

it("An empty file has a size, and one whose size is unknown has none", () => {
  render(
    <AttachmentList
      attachments={[textAttachment("empty.txt", ""), { kind: "file", id: "f", name: "a.docx", size: 0, fileId: "f" }]}
    />,
  );

  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["empty.txt0 B", "a.docx"]);
});
