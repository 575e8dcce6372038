import { describe, expect, it } from "vitest";
import { keyOf } from "../storage/owner";
import { forgetAnswersBut, keepAnswers, readAnswers } from "./planAnswers";

describe("answers to the questions of plans", () => {
  it("are kept for each plan", () => {
    keepAnswers("plan-1", { "Where?": "In Bre" });
    keepAnswers("plan-2", { "Where?": "In Rome." });
    keepAnswers("plan-1", { "Where?": "In Brest." });

    expect(readAnswers("plan-1")).toEqual({ "Where?": "In Brest." });
    expect(readAnswers("plan-2")).toEqual({ "Where?": "In Rome." });
    expect(readAnswers("plan-3")).toEqual({});
  });

  it("are kept for the 50 plans that were answered last", () => {
    for (let index = 0; index < 50; index++) {
      keepAnswers(`plan-${index}`, { "Where?": String(index) });
    }
    keepAnswers("plan-0", { "Where?": "Again." });
    keepAnswers("plan-50", { "Where?": "50" });

    expect(readAnswers("plan-0")).toEqual({ "Where?": "Again." });
    expect(readAnswers("plan-1")).toEqual({});
    expect(readAnswers("plan-2")).toEqual({ "Where?": "2" });
  });

  it("are forgotten with the history, except for the plan that is shown", () => {
    keepAnswers("plan-1", { "Where?": "In Brest." });
    keepAnswers("plan-2", { "Where?": "In Rome." });

    forgetAnswersBut("plan-2");

    expect([readAnswers("plan-1"), readAnswers("plan-2")]).toEqual([{}, { "Where?": "In Rome." }]);
    forgetAnswersBut(undefined);
    expect(readAnswers("plan-2")).toEqual({});
  });

  it("that the previous version of the page kept are read", () => {
    localStorage.setItem(
      keyOf("plan.answers"),
      JSON.stringify({ turnId: "plan-1", answers: { "Where?": "In Brest." } }),
    );
    keepAnswers("plan-2", { "Where?": "In Rome." });

    expect(readAnswers("plan-1")).toEqual({ "Where?": "In Brest." });
  });

  it.each(["{", "null", "7", '[null,{"turnId":"plan-1"}]'])("are none where the browser has %j", (stored) => {
    localStorage.setItem(keyOf("plan.answers"), stored);

    expect(readAnswers("plan-1")).toEqual({});
  });
});
