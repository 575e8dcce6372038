import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown from "../markdown/Markdown";
import { htmlOf } from "./copyHtml";

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1} < end`);
const fenced = (count: number, language = "") => `\`\`\`${language}\n${lines(count).join("\n")}\n\`\`\``;

function copied(text: string): Element {
  const drawn = render(
    <article>
      <Markdown text={text} />
    </article>,
  );
  const copy = document.createElement("div");
  copy.innerHTML = htmlOf(drawn.container.querySelector("article"));
  return copy;
}

describe("htmlOf", () => {
  it.each(["", "js"])("has all lines of folded code of the language %j", (language) => {
    const copy = copied(`Before.\n\n${fenced(100, language)}\n\nAfter.`);

    expect(screen.getByRole("button", { name: "Show all 100 lines" })).toBeTruthy();
    expect([...copy.children].map(({ tagName }) => tagName)).toEqual(["P", "PRE", "P"]);
    expect(copy.querySelector("pre > code")?.textContent?.trimEnd().split("\n")).toEqual(lines(100));
    expect(copy.textContent).not.toContain("Show all");
  });

  it("has the code of several blocks, each in its place", () => {
    const copy = copied(`${fenced(70)}\n\n- item\n\n  ${fenced(2).replaceAll("\n", "\n  ")}\n\n${fenced(3)}`);

    expect(
      [...copy.querySelectorAll("pre")].map(({ textContent }) => textContent?.trimEnd().split("\n").length),
    ).toEqual([70, 2, 3]);
  });

  it("has the direction of what reads from right to left", () => {
    const copy = copied("## 1. كلمة\n\nWord כן\n\n- שלום\n- two\n\n| a | ب |\n|---|---|\n| c | d |");

    expect(
      [...copy.querySelectorAll("[dir]")].map(({ tagName, textContent }) => [tagName, textContent?.trim()]),
    ).toEqual([
      ["H3", "1. كلمة"],
      ["UL", "שלום\ntwo"],
      ["LI", "שלום"],
      ["TH", "ب"],
    ]);
  });

  it("has the code of a diagram that is not drawn yet", () => {
    expect(copied("```mermaid\ngraph TD\n```").querySelector("pre")?.textContent).toContain("graph TD");
  });

  it("has what a block shows: the drawing, or its code", () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4"/></svg>';

    expect(copied(`\`\`\`svg\n${svg}\n\`\`\``).innerHTML).toMatch(/^<img [^>]*>$/);
    fireEvent.click(screen.getByRole("button", { name: "Show code" }));

    expect(htmlOf(document.querySelector("article"))).toContain(
      `<pre><code>${svg.replaceAll("<", "&lt;").replaceAll(">", "&gt;")}`,
    );
  });

  it("has neither classes nor what only the page needs", () => {
    const copy = copied("Some **bold** `code`\n\n- [x] done\n\n| a |\n|---|\n| 1 |");

    expect(copy.querySelectorAll("[class], input, button")).toHaveLength(0);
    expect(copy.querySelector("td")?.textContent).toBe("1");
  });

  it("shows which tasks are done", () => {
    const copy = copied("- [x] written\n- [ ] sent");

    expect([...copy.querySelectorAll("li")].map(({ textContent }) => textContent)).toEqual(["☑ written", "☐ sent"]);
  });
});
