import { render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { ApiError } from "../api/problem";
import { ToolResult } from "./ToolResult";

const id = `file_${"a".repeat(32)}`;

const show = (fileContent: (id: string) => Promise<Blob>) =>
  render(withServices({ api: { fileContent } }, <ToolResult content={`A chart\n\n[image, kept as ${id}]`} />));

describe("ToolResult", () => {
  it("shows the images that the server keeps of it, and its text", async () => {
    const asked: string[] = [];
    show(async (fileId) => {
      asked.push(fileId);
      return new Blob(["x"], { type: "image/png" });
    });

    const image = await screen.findByRole<HTMLImageElement>("img", { name: "Image 1" });

    expect(image.src).toBe("data:image/png;base64,eA==");
    expect(asked).toEqual([id]);
    expect(screen.getByText("A chart")).toBeTruthy();
  });

  it("shows an image that the server was too busy to send at first", async () => {
    const busy = new ApiError("Busy.", { code: "RATE_LIMITED", status: 429, retryable: true, retryAfterMs: 0 });
    show(
      vi
        .fn()
        .mockRejectedValueOnce(busy)
        .mockResolvedValue(new Blob(["x"], { type: "image/png" })),
    );

    expect(await screen.findByRole("img", { name: "Image 1" })).toBeTruthy();
  });

  it.each([
    ["the turn's numbers", { n: 3 }, { n: 4 }, "It rises [4] [1].", "4"],
    ["positions where they have no numbers", {}, {}, "It rises [2] [3].", "2"],
  ])("cites the sources of a report by %s", async (_, first, second, answer, chip) => {
    const sources = [
      { title: "One", url: "https://one.example/", ...first },
      { title: "Two", url: "https://two.example/", ...second },
    ];
    const { container } = render(<ToolResult content={JSON.stringify({ answer, sources })} />);

    const link = await screen.findByRole<HTMLAnchorElement>("link", { name: chip });

    expect(link.href).toBe("https://two.example/");
    expect(container.querySelectorAll(".source-chip").length).toBe(1);
  });

  it.each([
    ["is a page", async () => new Blob(["<script>"], { type: "text/html" })],
    ["is an SVG", async () => new Blob(["<svg/>"], { type: "image/svg+xml" })],
    [
      "has expired",
      async () => {
        throw new ApiError("There is no such file.", { code: "NOT_FOUND", status: 404, retryable: false });
      },
    ],
  ])("shows no image where the file %s", async (_, fileContent) => {
    show(fileContent);

    expect(await screen.findByText("Image 1 is no longer available.")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
  });
});
