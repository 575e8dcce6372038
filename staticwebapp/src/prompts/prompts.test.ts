import { describe, expect, it } from "vitest";
import { matching, slashBefore } from "./prompts";

describe("slashBefore", () => {
  it.each([
    ["/", { start: 0, query: "" }],
    ["/sum", { start: 0, query: "sum" }],
    ["Please /sum", { start: 7, query: "sum" }],
    ["One\n/t", { start: 4, query: "t" }],
  ])("finds the one in %j", (text, slash) => {
    expect(slashBefore(text, text.length)).toEqual(slash);
  });

  it.each(["", "and/or", "/usr/bin", "https://", "/ then", `/${"x".repeat(80)}`])("ignores %j", (text) => {
    expect(slashBefore(text, text.length)).toBeUndefined();
  });

  it("is about the caret, not the end", () => {
    expect(slashBefore("/su and more", 3)).toEqual({ start: 0, query: "su" });
    expect(slashBefore("/su", 0)).toBeUndefined();
  });
});

describe("matching", () => {
  it("finds names in any case", () => {
    const all = [
      { id: "1", name: "Summary", text: "x" },
      { id: "2", name: "Translate", text: "summary" },
    ];

    expect(matching(all, "SUM").map(({ id }) => id)).toEqual(["1"]);
  });
});
