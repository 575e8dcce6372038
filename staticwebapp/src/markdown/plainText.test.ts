import { describe, expect, it } from "vitest";
import { plainText } from "./plainText";

describe("plainText", () => {
  it.each([
    ["Some **bold** and *soft* and `code`.", "Some bold and soft and code."],
    ["# Heading\n\n- [x] done\n- open", "Heading\n\ndone\nopen"],
    ["See [the docs](https://example.com/a_b) [2].", "See the docs."],
    ["![a cat](data:image/png;base64,iVBORw0KGgo=)", "a cat"],
    ["H<sub>2</sub>O<br>next", "H 2 O next"],
    ["> [!NOTE]\n> Careful", "Careful"],
    ["2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"],
    ["~~old~~ new", "old new"],
    ["2**3**2 and x**2 + y**2 = (z)**2 for the **5**th time", "2**3**2 and x**2 + y**2 = (z)**2 for the 5th time"],
  ])("reads %j as %j", (markdown, text) => {
    expect(plainText(markdown, new Set([2]))).toBe(text);
  });

  it.each([
    ["It costs $5, or $10 for two.", "It costs $5, or $10 for two."],
    ["About \\$5 each.", "About $5 each."],
    ["Print `$HOME` and `$$`.", "Print $HOME and $$."],
    ["Here $x^2$ is \\(y\\).", "Here x^2 is y."],
    [
      "Read `a[1]`, `*args` and `**kwargs`, then [7] and [1, 7].",
      "Read a[1], *args and **kwargs, then [7] and [1, 7].",
    ],
    ["It rises [1, 2] and falls [1].", "It rises and falls."],
  ])("keeps what is no mark: %j", (markdown, text) => {
    expect(plainText(markdown, new Set([1, 2]))).toBe(text);
  });

  it("names code instead of reading it", () => {
    expect(plainText("Try:\n\n```js\nconst a = `x`;\n```\n\nDone.")).toBe("Try:\n\nCode block.\n\n\nDone.");
  });

  it("reads a table by its cells", () => {
    expect(plainText("| Name | Left |\n|------|------|\n| a | 2 |\n")).toBe("Table. Name, Left. a, 2.\n");
  });

  it("reads the words of an answer that ends in very many empty lines", () => {
    expect(plainText(`Done.${"\n".repeat(100_000)}`).trim()).toBe("Done.");
  });
});
