import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { loadLanguage } from "../i18n/strings";
import Markdown from "./Markdown";

const show = (text: string, streaming = false) => render(<Markdown text={text} streaming={streaming} />).container;

describe("Markdown", () => {
  it("draws tables, lists and emphasis", () => {
    show("| a | b |\n|---|---|\n| 1 | 2 |\n\n- *x*\n- y");

    expect(within(screen.getByRole("table")).getAllByRole("cell")).toHaveLength(2);
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
  });

  it.each([
    ["where it was cut off", true, "scripted"],
    ["not where it is complete", false, undefined],
  ])("shows emphasis that is open at the end as closed %s", (_, cut, bold) => {
    const drawn = render(<Markdown text={"First.\n\nI am **scripted"} cut={cut} />).container;

    expect(drawn.querySelector("strong")?.textContent).toBe(bold);
  });

  it("names footnotes in the language of the page", async () => {
    await loadLanguage("de");
    show("Tides[^1].\n\n[^1]: The moon.");

    expect(screen.getByRole("heading", { name: "Fußnoten" })).toBeTruthy();
    await loadLanguage("en");
  });

  it("says of each task whether it is done", () => {
    show("- [x] first\n- [ ] second");

    expect(screen.getAllByRole("checkbox").map((box) => box.getAttribute("aria-label"))).toEqual(["Done", "Not done"]);
  });

  it("lets each list run in the direction of its own text", () => {
    const drawn = show("Hello\n\n- שלום\n- עולם");

    expect(drawn.querySelector("ul")?.dir).toBe("auto");
  });

  it("opens links apart, without a word about this page", () => {
    show("[docs](https://example.com/a)");

    const link = screen.getByRole("link", { name: "docs" });
    expect(link).toHaveProperty("href", "https://example.com/a");
    expect(link.getAttribute("target")).toBe("_blank");
    expect(link.getAttribute("rel")).toContain("noopener noreferrer");
  });

  it.each([
    ["https://example.com/a。続き", "https://example.com/a", "。続き"],
    ["（https://example.com/a）を", "https://example.com/a", "）を"],
    ["https://example.com，然后", "https://example.com/", "，然后"],
    ["https://example.com/a.。", "https://example.com/a", ".。"],
    ["「www.example.com/a」と", "http://www.example.com/a", "」と"],
    ["www.example.com/a、", "http://www.example.com/a", "、"],
    ["[来源：https://example.com/a，次]", "https://example.com/a", "，次]"],
    ["(https://example.com/a(b))。", "https://example.com/a(b)", ")。"],
    ["見て www.example.com/?q=日本。", "http://www.example.com/?q=%E6%97%A5%E6%9C%AC", "。"],
  ])("ends the address in %s at the punctuation", (text, address, rest) => {
    const drawn = show(text);

    expect(drawn.querySelector("a")?.href).toBe(address);
    expect(drawn.textContent).toBe(text);
    expect(drawn.textContent?.endsWith(rest)).toBe(true);
    expect(drawn.querySelector("a")?.textContent?.endsWith(rest)).toBe(false);
  });

  it("reads what follows the punctuation after an address, and leaves addresses with marks as they are", () => {
    const drawn = show("https://example.com/a。**次**は [x](https://example.com/。) と <https://example.com/！>");

    expect(drawn.querySelector("strong")?.textContent).toBe("次");
    expect([...drawn.querySelectorAll("a")].map(({ href }) => decodeURI(href))).toEqual([
      "https://example.com/a",
      "https://example.com/。",
      "https://example.com/！",
    ]);
  });

  it.each([
    "[a https://example.com/。b](https://example.com/c)",
    "xhttps://example.com/。",
    "wwwhat。",
    "https://。",
    "http。",
  ])("makes no link of its own in %s", (text) => {
    expect([...show(text).querySelectorAll("a")].map(({ href }) => href)).toEqual(
      text.startsWith("[") ? ["https://example.com/c"] : [],
    );
  });

  it("strikes text through next to Chinese, Japanese and Korean text", () => {
    expect(show("~~削除。~~続き").querySelector("del")?.textContent).toBe("削除。");
    expect(show("~5 minutes (~10)").querySelector("del")).toBeNull();
  });

  it("draws an environment of LaTeX as a formula once it is complete", async () => {
    const text = "So\n\n\\begin{align}\na &= b\n\\end{align}\n\nand on.";
    expect(show(text.slice(0, -22), true).querySelector(".katex")).toBeNull();

    const drawn = show(text);

    await waitFor(() => expect(drawn.querySelector(".katex-display")).not.toBeNull());
    expect(drawn.querySelector(".katex-error")).toBeNull();
  });

  it.each([
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "[x](/chat/other)",
    "[x](//evil.example)",
    "[x](blob:https://a/b)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
  ])("makes no link of %s", (text) => {
    expect(show(text).querySelector("a")).toBeNull();
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "a <b onclick=alert(1)>b</b>",
    "<style>*{display:none}</style>",
    "<form action=https://evil.example><button>Sign in</button></form>",
  ])("shows raw HTML as the text that it is: %s", (text) => {
    const drawn = show(text);

    expect(drawn.querySelector("script, img, svg, iframe, b, style, form, button")).toBeNull();
    expect(drawn.textContent).toContain(text.slice(0, 6));
  });

  it("loads an image only when it is asked for", () => {
    const drawn = show("![a cat](https://evil.example/cat.png?secret=1)");
    expect(drawn.querySelector("img")).toBeNull();

    fireEvent.click(screen.getByRole("button", { name: /Load image “a cat” from evil.example/ }));

    const image = screen.getByRole("img", { name: "a cat" });
    expect(image.getAttribute("referrerpolicy")).toBe("no-referrer");
  });

  it.each(["![x](javascript:alert(1))", "![x](data:image/svg+xml,<svg/>)", "![x](/api/tools)"])(
    "offers no image for %s",
    (text) => {
      expect(show(text).querySelector("img, button")).toBeNull();
    },
  );

  it("colours code of a language that it knows, and keeps the text", async () => {
    const drawn = show("```js\nconst a = 1;\n```");

    expect((await screen.findByText("const")).className).toBe("hljs-keyword");
    expect(drawn.querySelector("code")?.textContent).toBe("const a = 1;");
  });

  it("keeps hostile code as text when it colours it", async () => {
    const drawn = show("```html\n<img src=x onerror=alert(1)>\n```");

    await screen.findByText("onerror");
    expect(drawn.querySelector("img")).toBeNull();
  });

  it("keeps code unfolded that was read while it came, and its place when the text continues right after it", () => {
    const code = `Here:\n\`\`\`js\n${"a();\n".repeat(100)}`;
    const drawn = render(<Markdown text={code} streaming />);
    const block = drawn.container.querySelector("figure");

    drawn.rerender(<Markdown text={`${code}\`\`\`\nDone.`} />);

    expect(drawn.container.querySelector("figure")).toBe(block);
    expect(block?.querySelector("code")?.textContent?.split("\n")).toHaveLength(100);
    expect(block?.querySelector("figcaption")?.textContent).toContain("js");
    expect(drawn.container.textContent?.endsWith("Done.")).toBe(true);
  });

  it("makes no landmark of a table", () => {
    show("| a |\n|---|\n| 1 |");

    expect(screen.queryByRole("region")).toBeNull();
    expect(screen.getByRole("group", { name: "Table" }).tabIndex).toBe(0);
  });

  it("draws what is still open in a stream as if it were closed", () => {
    expect(show("Some **bold te", true).querySelector("strong")?.textContent).toBe("bold te");
  });

  it("draws math once its renderer is there", async () => {
    const drawn = show("So \\(e^{i\\pi}\\) it is.");

    await screen.findAllByText("e");
    expect(drawn.querySelector(".katex")).not.toBeNull();
  });

  it("survives math that means harm", async () => {
    const drawn = show("$$\\href{javascript:alert(1)}{x} \\def\\a{\\a\\a}\\a$$ and the rest.");

    await screen.findByText(/and the rest/);
    expect(drawn.querySelector("a")).toBeNull();
  });
});
