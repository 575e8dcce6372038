import { describe, expect, it } from "vitest";
import { newId } from "../api/ids";
import { copyId, originOf } from "./copyId";

describe("copyId", () => {
  it("is the same for the same answer in the same place, and another one in another place", () => {
    expect(copyId("answer-01", "answer-02")).toBe(copyId("answer-01", "answer-02"));
    expect(new Set([copyId("answer-01", null), copyId("answer-01", "answer-02"), copyId("answer-03", null)]).size).toBe(
      3,
    );
  });

  it("is the same for a copy as for the original", () => {
    expect(copyId(copyId("answer-01", "answer-02"), null)).toBe(copyId("answer-01", null));
  });

  it.each([newId(), `turn_${newId()}`, "a".repeat(64), "12345678"])("is an id that the server accepts for %s", (id) => {
    const copy = copyId(copyId(id, newId()), newId());

    expect(copy).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
    expect(originOf(copy)).toBe(originOf(id));
  });
});
