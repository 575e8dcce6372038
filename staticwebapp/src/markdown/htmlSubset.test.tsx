import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown from "./Markdown";

const show = (text: string, streaming = false) => render(<Markdown text={text} streaming={streaming} />).container;

describe("HTML in Markdown", () => {
  it.each([
    ["H<sub>2</sub>O", "sub", "2"],
    ["mc<sup>2</sup>", "sup", "2"],
    ["Press <kbd>Ctrl</kbd>.", "kbd", "Ctrl"],
    ["A <MARK>word</MARK>.", "mark", "word"],
    ["A <u>word</u> and <b>another</b>.", "u", "word"],
    ["<strong>Total</strong>: <del>5</del> <ins>6</ins>", "strong", "Total"],
    ["<ul>\n  <li>one</li>\n</ul>", "ul", "one"],
  ])("shows %s as an element", (text, tag, content) => {
    expect(show(text).querySelector(tag)?.textContent).toBe(content);
  });

  it("shows unclosed tags as text, and keeps the order of what follows them", () => {
    const drawn = show("a<kbd>b<sub>c</sub>d<mark>f<sup>g</sup>");

    expect(drawn.textContent).toBe("a<kbd>bcd<mark>fg");
    expect(drawn.querySelector("sup")?.textContent).toBe("g");
  });

  it("breaks lines in table cells", () => {
    const cell = show("| a |\n|---|\n| x<br>y<br/>z |").querySelector("td");

    expect(cell?.querySelectorAll("br")).toHaveLength(2);
    expect(cell?.textContent?.replace(/\s/g, "")).toBe("xyz");
  });

  it("lists items in table cells", () => {
    const cell = show("| a |\n|---|\n| x<ul><li>**y**</li><li>z</li></ul> |").querySelector("td");

    expect([...(cell?.querySelectorAll("ul > li") ?? [])].map(({ textContent }) => textContent)).toEqual(["y", "z"]);
    expect(cell?.querySelector("li strong")?.textContent).toBe("y");
  });

  it("folds details with Markdown inside, also across blank lines", () => {
    const drawn = show("<details>\n<summary>More</summary>\n\nSome **bold**\n\n- one\n\n</details>\n\nAfter.");

    const details = drawn.querySelector("details");
    expect(details?.querySelector("summary")?.textContent).toBe("More");
    expect(details?.querySelector("strong")?.textContent).toBe("bold");
    expect(details?.querySelector("li")?.textContent).toBe("one");
    expect(details?.textContent).not.toContain("After.");
    expect(drawn.textContent).toContain("After.");
  });

  it("folds details that are still being written", () => {
    expect(show("<details>\n<summary>More</summary>\n\nSome te", true).querySelector("details")?.textContent).toContain(
      "Some te",
    );
  });

  it.each([
    '<sup onclick="alert(1)">x</sup>',
    "<details open ontoggle=alert(1)>x</details>",
    '<kbd style="position:fixed">x</kbd>',
    "<sub><script>alert(1)</script></sub>",
    "<summary><img src=x onerror=alert(1)></summary>",
  ])("shows %s without its attributes and other tags", (text) => {
    const drawn = show(text);

    expect(drawn.querySelector("[onclick], [ontoggle], [style], script, img, details[open]")).toBeNull();
    expect(drawn.textContent).toContain("<");
  });

  it.each(["a <sub>b", "a </sub> b", "<kbd>a</sub>b</kbd", "List<I> x"])(
    "keeps %s, which is not closed, as text",
    (text) => {
      expect(show(text).textContent).toContain("<");
    },
  );
});
