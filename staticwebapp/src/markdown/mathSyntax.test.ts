import { describe, expect, it } from "vitest";
import { mayHoldMath, withDollars } from "./mathSyntax";

describe("withDollars", () => {
  it("leaves what may be in a formula that is still being written", () => {
    const open = "$$\n\\begin{aligned}\na\n\\end{aligned}";

    expect(withDollars(open)).toBe(open);
    expect(withDollars(open.replace("$$", "\\["))).toBe(open.replace("$$", "\\["));
  });

  it.each([
    ["\\(a^2\\)", "$$a^2$$"],
    ["so $x$ and $E = mc^2$.", "so $$x$$ and $$E = mc^2$$."],
    ["\\[\na\n\\]", "$$\na\n$$"],
    ["so \\[a\\] is", "so \n$$\na\n$$\n is"],
    ["1. so\n   \\[ a \\]\n   then", "1. so\n   $$\n   a\n   $$\n   then"],
    ["- so \\[ a \\] then", "- so \n  $$\n  a\n  $$\n   then"],
    ["> \\[ a \\]\n> then", "> $$\n> a\n> $$\n> then"],
    ["`x` $$a$$", "`x` $$a$$"],
    ["$$a$$ `x`", "$$a$$ `x`"],
    ["$$E = mc^2$$", "$$\nE = mc^2\n$$"],
    ["so $$x$$ is", "so $$x$$ is"],
    ["$$\\begin{aligned}\na &= b\n\\end{aligned}$$\n", "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$\n"],
    ["1. so\n   $$\\frac{a}\n   {b}$$", "1. so\n   $$\n   \\frac{a}\n   {b}\n   $$"],
    ["- $$\\frac{a}\n  {b}$$", "- $$\\frac{a} {b}$$"],
    ["$$\nx = 1 $$\nthen", "$$\nx = 1\n$$\nthen"],
    ["$$\na\n\nb\n$$", "$$\na\n\nb\n$$"],
    ["$$\nx =", "$$\nx ="],
    ["is $\\$5 \\times 3 = \\$15$, so", "is $$\\$5 \\times 3 = \\$15$$, so"],
    ["$f(x)$, $n + 1$, $3x$, $AB$, $3.5$ and $(a, b)$", "$$f(x)$$, $$n + 1$$, $$3x$$, $$AB$$, $$3.5$$ and $$(a, b)$$"],
    ["so\n\\begin{align}\na &= b \\\\\nc\n\\end{align}", "so\n$$\n\\begin{align}\na &= b \\\\\nc\n\\end{align}\n$$"],
    ["- \\begin{cases} a \\end{cases}.", "- $$\n  \\begin{cases} a \\end{cases}\n  $$\n  ."],
    ["$$\n\\begin{align}\na\n\\end{align}\n$$", "$$\n\\begin{align}\na\n\\end{align}\n$$"],
    ["\\[\n\\begin{align*}\na\n\\end{align*}\n\\]", "$$\n\\begin{align*}\na\n\\end{align*}\n$$"],
    ["$$a \\\\[2pt] b$$ and \\[c\\]", "$$a \\\\[2pt] b$$ and \n$$\nc\n$$"],
    ["the $n$th of $x$-axis", "the $$n$$th of $$x$$-axis"],
    ["is $|x|$ or $P(A|B)$", "is $$|x|$$ or $$P(A|B)$$"],
    ["| a | b |\n|---|:-:|\n| $x$ | $\\|y\\|$ |", "| a | b |\n|---|:-:|\n| $$x$$ | $$\\|y\\|$$ |"],
    ["| a |\n|---|\n| $x|y$ |\n\nso $x|y$", "| a |\n|---|\n| $x|y$ |\n\nso $$x|y$$"],
  ])("reads %s as math", (text, expected) => {
    expect(withDollars(text)).toBe(expected);
  });

  it.each([
    "It costs $5 and $10.",
    "from $5 to 6$",
    "US$20_000 and A$30",
    "\\$x$",
    "`$x$`",
    "```\n\\(x\\)\n```",
    "````md\n```js\n$x_1$\n```\n````",
    "$HOME/bin:$PATH",
    "Dear \\[Your Name\\], see \\[Date\\] \\(optional\\)",
    "$a.$b and $i+$j",
    "$5 or so. US$",
    "\\begin{align}\na &= b",
    "```\n\\begin{align}\na\n\\end{align}\n```",
    "\\begin{itemize}\n\\item a\n\\end{itemize}",
    "Between \\begin{align} and \\end{align} is",
    "It costs $5 (or 6) US$",
    "| a | b |\n|---|---|\n| $x|y$ | b |",
    "> $x|y$ | b\n> - | -\n> \\(x|y\\) | b",
  ])("leaves %s alone", (text) => {
    expect(withDollars(text)).toBe(text);
    expect(mayHoldMath(text)).toBe(false);
  });

  it.each([
    ["Joe's ($$) and **Ann's** ($$, 4.5)", "Joe's (\\$\\$) and **Ann's** (\\$\\$, 4.5)"],
    ["$$ = moderate\n$$$ = expensive", "\\$\\$ = moderate\n\\$\\$\\$ = expensive"],
    ["- $$ 10 to 30\n- $$$ over 30", "- \\$\\$ 10 to 30\n- \\$\\$\\$ over 30"],
    ["| A | $$ | x_1 |\n| B | $$ | x_2 |", "| A | \\$\\$ | x_1 |\n| B | \\$\\$ | x_2 |"],
  ])("keeps %s as prices", (text, expected) => {
    expect(withDollars(text)).toBe(expected);
    expect(mayHoldMath(text)).toBe(false);
  });
});
