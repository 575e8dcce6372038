import { describe, expect, it } from "vitest";
import { mayHoldMath, withDollars } from "./mathSyntax";

describe("withDollars", () => {
  it.each([
    ["\\(a^2\\)", "$$a^2$$"],
    ["so $x$ and $E = mc^2$.", "so $$x$$ and $$E = mc^2$$."],
    ["\\[\na\n\\]", "\n$$\na\n$$\n"],
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
    "$HOME/bin:$PATH",
  ])("leaves %s alone", (text) => {
    expect(withDollars(text)).toBe(text);
    expect(mayHoldMath(text)).toBe(false);
  });
});
