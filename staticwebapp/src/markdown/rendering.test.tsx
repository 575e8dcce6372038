import { act, fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown from "./Markdown";

const show = (text: string, streaming = false) => render(<Markdown text={text} streaming={streaming} />).container;

describe("text", () => {
  it("keeps single tildes, which mean about", () => {
    const text = "It takes ~5 minutes (~10 for large ones) and costs ~$20–~$30. Use 2~3 cups.";
    const drawn = show(text);

    expect(drawn.textContent).toBe(text);
    expect(drawn.querySelector("del")).toBeNull();
  });

  it("strikes out what is between double tildes", () => {
    expect(show("~~old~~ new").querySelector("del")?.textContent).toBe("old");
  });

  it.each([
    ["**太字。**続き", "太字。"],
    ["これは**「強調」**です", "「強調」"],
    ["这是**“重点”**内容", "“重点”"],
    ["- **注意：**请看", "注意："],
    ["**중요(重要)**합니다", "중요(重要)"],
  ])("emphasizes words next to others without a space: %s", (text, strong) => {
    const drawn = show(text);

    expect(drawn.querySelector("strong")?.textContent).toBe(strong);
    expect(drawn.textContent).not.toContain("*");
  });

  it.each(["1*2*3=6. 5*x*7. 2**3**2. 2*3*4 = 24", "5*x + 3*y and 2*(a + b)*4 + 3*(c)", "2*π*r, x**2 + y**2 = z**2"])(
    "keeps the asterisks of products: %s",
    (text) => {
      const drawn = show(text);

      expect(drawn.textContent).toBe(text);
      expect(drawn.querySelector("em, strong")).toBeNull();
    },
  );

  it.each(["2**3", "so 2*(3", "x**2 + y"])("adds nothing to the product %s while it is written", (text) => {
    expect(show(text, true).textContent).toBe(text);
  });

  it.each([
    ["*5 apples*", "5 apples"],
    ["**2026**", "2026"],
    ["a **3** b", "3"],
    ["**Step 1**: x", "Step 1"],
    ["1. **Bold**", "Bold"],
    ["the **5**th and", "5"],
    ["**Figure 2**(a)", "Figure 2"],
    ["**2026**年", "2026"],
    ["*2*3 = 6*", "2*3 = 6"],
    ["**5*x + 3*y**", "5*x + 3*y"],
  ])("emphasizes what has a number in %s", (text, emphasized) => {
    expect(show(text).querySelector("em, strong")?.textContent).toBe(emphasized);
    expect(show(text, true).querySelector("em, strong")?.textContent).toBe(emphasized);
  });

  it("leaves asterisks in code alone", () => {
    expect(show("`2*3*4` is `2**3`").textContent).toBe("2*3*4 is 2**3");
  });

  it("gives each level of heading a level of its own below the page's", () => {
    expect(
      [...(show("# a\n\n## b\n\n### c\n\n#### d").children[0]?.children ?? [])].map((each) => each.tagName),
    ).toEqual(["H2", "H3", "H4", "H5"]);
  });

  it("centers math on a line of its own, and keeps inline math in its line", async () => {
    const drawn = show("So:\n\n$$a^2 + b^2$$\n\nand $$c^2$$ here.");

    await screen.findAllByText("a");
    expect(drawn.querySelectorAll(".katex-display")).toHaveLength(1);
    expect(drawn.querySelectorAll(".katex")).toHaveLength(2);
  });

  it("shows all of a formula that begins and ends next to its marks", async () => {
    const drawn = show("So:\n\n$$\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}$$\n\nThat is all.");

    await screen.findAllByText("a");
    expect(drawn.querySelectorAll(".katex-display")).toHaveLength(1);
    expect(drawn.querySelector(".katex-error")).toBeNull();
    expect(drawn.textContent).toContain("That is all.");
  });

  it("shows formulas of chemistry", async () => {
    const drawn = show("So $\\ce{2H2 + O2 -> 2H2O}$ and $\\ce{SO4^2- + Ba^2+ <=>[k_1][k_2] BaSO4 v}$.");

    await screen.findAllByText("Ba");
    const formulas = [...drawn.querySelectorAll(".katex-html")].map(({ textContent }) => textContent);
    expect(formulas).toHaveLength(2);
    expect(formulas.join(" ")).not.toContain("\\");
  });

  it("keeps the dollars of prices next to math", async () => {
    const drawn = show("$$ = moderate, $x^2$\n$$$ = expensive\n\nJoe's ($$) and Ann's ($$).");

    await screen.findAllByText("x");
    expect(drawn.querySelectorAll(".katex")).toHaveLength(1);
    expect(drawn.textContent).toContain("$$ = moderate");
    expect(drawn.textContent).toContain("$$$ = expensive");
    expect(drawn.textContent).toContain("Joe's ($$) and Ann's ($$).");
  });

  it.each(["NOTE", "tip", "IMPORTANT", "Warning", "CAUTION"])("shows a callout of kind %s", (kind) => {
    const callout = show(`> [!${kind}]\n> Be **careful**.`).querySelector(".callout");

    expect(callout?.getAttribute("data-callout")).toBe(kind.toLowerCase());
    expect(callout?.textContent?.toLowerCase()).toContain(kind.toLowerCase());
    expect(callout?.textContent).not.toContain("[!");
    expect(callout?.querySelector("strong")?.textContent).toBe("careful");
  });

  it("shows other quotes as quotes", () => {
    expect(show("> [!OTHER]\n> x").querySelector("blockquote")?.textContent).toContain("[!OTHER]");
  });

  it("shows pictures that are part of the text", () => {
    show("![dot](data:image/png;base64,iVBORw0KGgo=)");

    expect(screen.getByRole("img", { name: "dot" }).getAttribute("src")).toBe("data:image/png;base64,iVBORw0KGgo=");
  });
});

describe("references to sources", () => {
  const sources = [
    { number: 1, title: "One", url: "https://one.example/" },
    { number: 2, title: "Two", url: "https://two.example/" },
  ];
  const showWith = (text: string) => render(<Markdown text={text} sources={sources} />).container;

  it("are links with a card", () => {
    const drawn = showWith("It rises [1] and falls [1, 2].");

    expect([...drawn.querySelectorAll("a")].map((link) => [link.textContent, link.href])).toEqual([
      ["1", "https://one.example/"],
      ["1", "https://one.example/"],
      ["2", "https://two.example/"],
    ]);
    expect(drawn.querySelector(".source-card")?.textContent).toContain("One");
  });

  it.each(["[3]", "[0]", "`[1]`", "[1](https://other.example/)", "a[1][2]b".replace("[2]", "[9]")])(
    "are left alone in %s",
    (text) => {
      expect(showWith(text).querySelectorAll(".source-chip").length).toBe(text.startsWith("a[1]") ? 1 : 0);
    },
  );

  it("are looked up by number, not by position", () => {
    const drawn = render(
      <Markdown
        text="It rises [4], falls [1]."
        sources={[{ number: 4, title: "Four", url: "https://four.example/" }]}
      />,
    ).container;

    expect([...drawn.querySelectorAll("a")].map((link) => [link.textContent, link.href])).toEqual([
      ["4", "https://four.example/"],
    ]);
  });

  it("are text where there are no sources", () => {
    expect(show("It rises [1].").textContent).toBe("It rises [1].");
  });
});

describe("code", () => {
  const long = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");

  it("is folded when it is long, until it is opened", () => {
    const drawn = show(`\`\`\`text\n${long}\n\`\`\``);
    expect(drawn.querySelector("pre")?.textContent).not.toContain("line 30");

    fireEvent.click(screen.getByRole("button", { name: "Show all 100 lines" }));

    expect(drawn.querySelector("pre")?.textContent).toBe(long);
  });

  it("is not folded while it is written", () => {
    expect(show(`\`\`\`text\n${long}`, true).querySelector("pre")?.textContent).toContain("line 99");
  });

  it("is not folded on paper", () => {
    const drawn = show(`\`\`\`text\n${long}\n\`\`\``);

    act(() => void dispatchEvent(new Event("beforeprint")));
    expect(drawn.querySelector("pre")?.textContent).toBe(long);

    act(() => void dispatchEvent(new Event("afterprint")));
    expect(drawn.querySelector("pre")?.textContent).not.toContain("line 30");
  });

  it("wraps on request", () => {
    const drawn = show("```text\nx\n```");

    fireEvent.click(screen.getByRole("button", { name: "Wrap lines" }));

    expect(drawn.querySelector("pre")?.className).toContain("whitespace-pre-wrap");
  });

  it("that draws SVG is shown as an image, and as code on request", () => {
    const drawn = show('```svg\n<svg viewBox="0 0 40 20" onload="alert(1)"><script>alert(1)</script></svg>\n```');
    const image = drawn.querySelector("img");
    expect(image?.getAttribute("src")).toMatch(/^data:image\/svg\+xml/);
    expect([image?.width, image?.height]).toEqual([40, 20]);
    expect(drawn.querySelector("svg[onload], script")).toBeNull();

    fireEvent.click(screen.getByRole("button", { name: "Show code" }));

    expect(drawn.querySelector("code")?.textContent).toContain("<script>");
  });

  it("in HTML is not an image", () => {
    expect(show("```html\n<p>x</p>\n```").querySelector("img")).toBeNull();
  });
});
