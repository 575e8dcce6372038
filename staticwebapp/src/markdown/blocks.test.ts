import { describe, expect, it } from "vitest";
import { fencedCode, splitBlocks } from "./blocks";

describe("splitBlocks", () => {
  it("cuts between paragraphs and before headings and fences", () => {
    expect(splitBlocks("One\ntwo\n\nThree\n\n# Four\n\n```js\n1\n```\n")).toEqual([
      "One\ntwo\n\n",
      "Three\n\n",
      "# Four\n\n",
      "```js\n1\n```\n",
    ]);
  });

  it("cuts around a fence, also without blank lines", () => {
    expect(splitBlocks("One\n```js\n1\n```\nTwo\n~~~\n2\n~~~\n- three\n")).toEqual([
      "One\n",
      "```js\n1\n```\n",
      "Two\n",
      "~~~\n2\n~~~\n",
      "- three\n",
    ]);
  });

  it.each([
    ["a name in three backticks", "One\n```two``` three"],
    ["a fence in HTML", "<div>\n```\na\n```\n</div>"],
    ["a fence in a list", "- a\n  ```\n  b\n  ```\n  c"],
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

describe("fencedCode", () => {
  it.each([
    ["```", undefined, ""],
    ["```js\n", "js", ""],
    ["```js title\na\n\n  b", "js", "a\n\n  b"],
    ["~~~c++\n```\n~~~~\n\n", "c++", "```"],
    ["````\n```\n````", undefined, "```"],
  ])("reads %j without a parser", (block, language, code) => {
    expect(fencedCode(block)).toEqual({ language, code });
  });

  it.each(["a", "```a``` b", "``", " ```\na", "```\na\n```\nb", "```a&amp;b\nc", "```\r\na"])(
    "leaves %j to the parser",
    (block) => {
      expect(fencedCode(block)).toBeUndefined();
    },
  );
});
