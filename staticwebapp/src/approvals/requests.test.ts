import { describe, expect, it } from "vitest";
import type { TurnEvent } from "../api/events";
import { newTurn, reduceTurnAll } from "../chat/turn";

const asks = (id: number, request: string): TurnEvent => ({
  id,
  type: "approval_request",
  data: { id: request, call_id: "a", name: "send_mail", arguments: "{}", expires_at: "2026-01-01T00:00:00Z" },
});

describe("Requests of a turn", () => {
  it("are open until they are answered", () => {
    const parked = reduceTurnAll(newTurn, [
      asks(1, "req_1"),
      asks(2, "req_2"),
      { id: 3, type: "parked", data: { waiting: ["req_1", "req_2"], at: "" } },
    ]);
    expect(parked).toMatchObject({ parked: true, requests: [{ id: "req_1" }, { id: "req_2" }] });

    const continued = reduceTurnAll(parked, [
      { id: 4, type: "request_answered", data: { id: "req_1", type: "approve", by: "ada", at: "" } },
    ]);
    expect(continued).toMatchObject({ parked: false, requests: [{ id: "req_2" }] });
  });

  it.each(["deny", "expired"] as const)("show the call that does not run once the answer is %s", (type) => {
    const answer = { id: 2, type: "request_answered", data: { id: "req_1", type, by: "ada", at: "" } } as const;
    const denied = reduceTurnAll(newTurn, [asks(1, "req_1"), answer]);
    const call = { type: "tool", id: "a", name: "send_mail", arguments: "{}", status: "failed", denied: type };
    expect(denied.parts).toMatchObject([call]);

    const result = { id: "a", name: "send_mail", content: "Not approved.", duration_ms: 0, error: true };
    const ended = reduceTurnAll(denied, [{ id: 3, type: "tool_call_result", data: result }]);
    expect(ended.parts).toMatchObject([{ ...call, result: "Not approved." }]);
  });

  it("leave a call as it is whose question is not answered", () => {
    const call = { id: "a", name: "book", arguments: "{}" };
    const question = { id: "req_1", call_id: "a", message: "Which room?", schema: {}, expires_at: "" };
    const turn = reduceTurnAll(newTurn, [
      { id: 1, type: "tool_call_start", data: call },
      { id: 2, type: "input_request", data: question },
      { id: 3, type: "request_answered", data: { id: "req_1", type: "deny", by: "ada", at: "" } },
    ]);

    expect(turn.parts).toEqual([{ type: "tool", ...call, round: 0, status: "starting" }]);
  });

  it("include budgets to raise, after their warnings", () => {
    const budget = { limit: "user_cost_per_month", currency: "USD" };
    const parked = reduceTurnAll(newTurn, [
      { id: 1, type: "budget_warning", data: { ...budget, used: 4, allowed: 5, resets_at: "" } },
      { id: 2, type: "budget_request", data: { ...budget, id: "req_1", used: 5, needed: 0.1, expires_at: "" } },
      { id: 3, type: "parked", data: { waiting: ["req_1"], at: "" } },
    ]);

    expect(parked).toMatchObject({
      parked: true,
      requests: [{ type: "budget", id: "req_1" }],
      warnings: [{ used: 4 }],
    });
  });
});
