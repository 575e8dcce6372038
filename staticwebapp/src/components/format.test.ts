import { describe, expect, it } from "vitest";
import { money } from "./format";

describe("money", () => {
  it.each([
    [0.000312, "0.00031 USD"],
    [0.0183, "0.018 USD"],
    [0, "0 USD"],
    [4.2, "4.2 USD"],
    [1234.567, "1,234.57 USD"],
  ])("shows %d", (value, text) => {
    expect(money(value, "USD")).toBe(text);
  });

  it("shows the number alone without a currency", () => {
    expect(money(1.5, undefined)).toBe("1.5");
  });
});
