import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import type { BudgetRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { BudgetCard } from "./BudgetCard";

const request: BudgetRequestData = {
  id: "req_1",
  limit: "user_cost_per_month",
  used: 4.98,
  needed: 0.03,
  allowed: 5,
  raise: 1,
  currency: "USD",
  expires_at: "2026-01-02T00:00:00Z",
};

function show(changes: Partial<BudgetRequestData> = {}) {
  const answer = vi.fn(async () => false);
  render(
    withServices(
      { conversations: { answer } },
      <BudgetCard node={{ id: "t", chatId: "c" } as AssistantNode} request={{ ...request, ...changes }} />,
    ),
  );
  return answer;
}

describe("BudgetCard", () => {
  it("shows the budget and raises it", () => {
    const answer = show();

    expect(screen.getByRole("heading").textContent).toContain("Your budget for this month");
    expect(screen.getByText("4.98 USD of 5 USD used")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Raise by 1 USD" }));

    expect(answer).toHaveBeenCalledWith(expect.anything(), { type: "approve", request_id: "req_1" }, undefined);
  });

  it("ends the answer", () => {
    const { currency: _, ...tokens } = request;
    const answer = show({ ...tokens, limit: "app_tokens_per_day", used: 900, allowed: 1000, raise: 200 });

    fireEvent.click(screen.getByRole("button", { name: "End the answer" }));

    expect(answer).toHaveBeenCalledWith(expect.anything(), { type: "deny", request_id: "req_1" }, undefined);
  });
});
