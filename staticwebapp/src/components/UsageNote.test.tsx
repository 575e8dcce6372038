import { act, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { withServices } from "../../test/services";
import type { UsageSummary } from "../api/serverInfo";
import { UsageNote } from "./UsageNote";

function show(usage: UsageSummary) {
  return render(withServices({ api: { usage: async () => usage } }, <UsageNote />));
}

describe("UsageNote", () => {
  it("shows the cost of the month and what is used of each budget", async () => {
    show({
      currency: "USD",
      tokensThisMonth: 9000,
      costThisMonth: 4.2,
      budgets: [
        { name: "user_cost_per_month", used: 4.2, allowed: 5, currency: "USD" },
        { name: "user_tokens_per_day", used: 900, allowed: 1000 },
      ],
    });

    const rows = (await screen.findAllByRole("listitem")).map(({ textContent }) => textContent);

    expect(rows).toEqual([
      "This month4.2 USD",
      "Your budget for this month4.2 USD of 5 USD used",
      "Your budget for today900 tokens of 1,000 tokens used",
    ]);
  });

  it("shows nothing without prices and budgets", async () => {
    const { container } = show({ tokensThisMonth: 9000, budgets: [] });
    await act(async () => {}); // the usage has arrived

    expect(container.textContent).toBe("");
  });
});
