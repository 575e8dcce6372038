import { describe, expect, it } from "vitest";
import type { PlanData, PlanEvent } from "../api/events";
import { emptyPlan, planMessage, reducePlan } from "./planView";

const plan: PlanData = {
  text: "1. Look.\n2. Answer.",
  search_keywords: [
    ["tides", "moon"],
    ["tides", "sun"],
  ],
  questions: ["Where?"],
  persona: "a sailor",
  reasoning: "It is about tides.",
  complexity: "simple",
};
const reasoning = (id: number, content: string): PlanEvent => ({ id, type: "reasoning", data: { content } });

describe("reducePlan", () => {
  it("joins the reasoning as it arrives", () => {
    expect([reasoning(1, "It is "), reasoning(2, "about tides.")].reduce(reducePlan, emptyPlan).reasoning).toBe(
      "It is about tides.",
    );
  });

  it("discards the reasoning when the call is repeated", () => {
    const reset: PlanEvent = { id: 2, type: "message_reset", data: { iteration: 1 } };

    expect([reasoning(1, "It is"), reset, reasoning(3, "So")].reduce(reducePlan, emptyPlan).reasoning).toBe("So");
  });

  it("contains the plan", () => {
    expect(reducePlan(emptyPlan, { id: 3, type: "plan", data: plan }).plan).toEqual(plan);
  });
});

describe("planMessage", () => {
  it("contains the question, the answers, and how to proceed", () => {
    expect(planMessage("Why tides?", plan, [{ question: "Where?", answer: "In Brest." }])).toBe(
      [
        "Why tides?",
        "Where?\nIn Brest.",
        "Answer as a sailor.",
        "Follow this plan:\n\n1. Look.\n2. Answer.",
        "Search the web for:\n\n- tides moon\n- tides sun",
      ].join("\n\n"),
    );
  });

  it("leaves out what the plan does not have", () => {
    expect(planMessage("Why?", { ...plan, persona: "", search_keywords: [] })).toBe(
      "Why?\n\nFollow this plan:\n\n1. Look.\n2. Answer.",
    );
  });
});
