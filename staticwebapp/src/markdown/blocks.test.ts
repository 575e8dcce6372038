import { describe, expect, it } from "vitest";
import { splitBlocks } from "./blocks";

describe("splitBlocks", () => {
  it("cuts between paragraphs and before headings and fences", () => {
    expect(splitBlocks("One\ntwo\n\nThree\n\n# Four\n\n```js\n1\n```\n")).toEqual([
      "One\ntwo\n\n",
      "Three\n\n",
      "# Four\n\n",
      "```js\n1\n```\n",
    ]);
  });

  it.each([
    ["a blank line in a fence", "```\na\n\nb\n```\n"],
    ["a shorter fence in a longer one", "````\n```\n\nb\n```\n\nc\n````\n"],
    ["another fence mark in a fence", "~~~\n```\n\nb\n~~~\n"],
    ["a fence that is still open", "```py\na\n\nb"],
    ["a loose list", "- a\n\n- b\n\n1. c\n\n2) d"],
    ["a list item with a paragraph", "1. a\n\n   more\n\n2. b"],
    ["a quote", "> a\n\n> b"],
    ["display math", "$$\na\n\nb\n$$"],
    ["a text with link definitions", "See [it][1].\n\nMore.\n\n[1]: https://example.com"],
  ])("leaves %s whole", (_, text) => {
    expect(splitBlocks(text)).toEqual([text]);
  });

  it("looks for the end of a link definition no further than a label can be long", () => {
    const label = "a".repeat(1_000);

    expect(splitBlocks(`[${label}]: b\n\nc`)).toEqual([`[${label}]: b\n\n`, "c"]);
    expect(splitBlocks(`[${label.slice(1)}]: b\n\nc`)).toHaveLength(1);
  });

  it("loses and adds nothing wherever a text is cut off", () => {
    const text = "One\n\n- a\n\n- b\n\nTwo `x`\n\n```js\na\n\nb\n```\n\n$$\nx\n$$\n\nEnd";

    for (let end = 0; end <= text.length; end++) {
      expect(splitBlocks(text.slice(0, end)).join("")).toBe(text.slice(0, end));
    }
  });
});
