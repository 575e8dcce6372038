import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { CodeBlock } from "./CodeBlock";
import { codeFileName } from "./codeFile";

it("Code is saved whole, even if only its first lines are shown", async () => {
  const createObjectURL = vi.fn<(content: Blob) => string>(() => "blob:1");
  vi.stubGlobal("URL", Object.assign(class extends URL {}, { createObjectURL }));
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    names.push(this.download);
  });
  const code = Array.from({ length: 100 }, (_, line) => `print(${line})`).join("\n");
  render(<CodeBlock code={code} language="python" />);
  expect(screen.queryByText(/print\(99\)/)).toBeNull();

  await userEvent.click(screen.getByRole("button", { name: "Save as a file" }));

  expect(names).toEqual(["code.py"]);
  expect(createObjectURL).toHaveBeenCalledOnce();
  const [content = new Blob()] = createObjectURL.mock.lastCall ?? [];
  expect(content.type).toBe("text/plain");
  expect(await textOf(content)).toBe(code);
});

it("The language names the file, unless it is unknown", () => {
  expect(["TypeScript", "c#", "rs", "Dockerfile", "hta", "../x", undefined].map(codeFileName)).toEqual([
    "code.ts",
    "code.cs",
    "code.rs",
    "Dockerfile",
    "code.txt",
    "code.txt",
    "code.txt",
  ]);
});

it("HTML is previewed once the user asks for it, in a frame without scripts, and shown as code again", async () => {
  render(<CodeBlock code="<h1>Hi</h1>" language="HTML" />);
  expect(document.querySelector("iframe")).toBeNull();

  await userEvent.click(screen.getByRole("button", { name: "Show preview" }));

  const frame = screen.getByTitle<HTMLIFrameElement>("HTML preview");
  expect(frame.getAttribute("sandbox")).toBe("");
  expect(frame.srcdoc).toContain("<h1>Hi</h1>");
  expect(screen.queryByText("<h1>Hi</h1>")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Show code" }));
  expect(document.querySelector("iframe")).toBeNull();
});

it.each([
  ["code in another language", <CodeBlock key="1" code="<h1>Hi</h1>" language="php" />],
  ["HTML that is still being written", <CodeBlock key="2" code="<h1>Hi</h1>" language="html" streaming />],
])("There is no preview of %s", (_, block) => {
  render(block);

  expect(screen.queryByRole("button", { name: "Show preview" })).toBeNull();
});

/** jsdom's blobs have no `text`. */
function textOf(content: Blob): Promise<unknown> {
  const reader = new FileReader();
  return new Promise((resolve) => {
    reader.onload = () => resolve(reader.result);
    reader.readAsText(content);
  });
}
