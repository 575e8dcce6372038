import { describe, expect, it } from "vitest";
import { monthOf, shifted } from "./months";

describe("a month", () => {
  it("is that of the server, in UTC", () => {
    expect(monthOf(new Date("2026-11-30T23:59:59Z"))).toBe("2026-11");
  });

  it.each([
    ["2026-11", 1, "2026-12"],
    ["2026-12", 1, "2027-01"],
    ["2026-01", -1, "2025-12"],
    ["2026-03", -13, "2025-02"],
  ])("%s shifted by %d is %s", (month, by, expected) => {
    expect(shifted(month, by)).toBe(expected);
  });
});
