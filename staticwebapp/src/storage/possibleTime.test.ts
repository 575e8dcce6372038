import { describe, expect, it } from "vitest";
import { possibleTime } from "./possibleTime";

const now = Date.UTC(2026, 0, 1);

describe("a time of a chat", () => {
  it.each([now, now - 1000, now + 3_600_000, Date.UTC(2000, 0, 1)])("is kept when it is possible: %d", (time) => {
    expect(possibleTime(time, now)).toBe(time);
  });

  it.each([0, -1, Date.UTC(9999, 0, 1), 8.64e15 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    "is now when it is not: %d",
    (time) => {
      expect(possibleTime(time, now)).toBe(now);
    },
  );
});
