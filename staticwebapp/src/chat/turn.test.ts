import { describe, expect, it } from "vitest";
import { type GoldenName, goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { type TurnEvent, turnEvents } from "../api/events";
import { failTurn, newTurn, type Part, reduceTurn, reduceTurnAll, resumeTurn, type TurnState } from "./turn";

const eventsOf = (name: GoldenName) => new TurnEventDecoder(turnEvents).push(goldenBytes(name));
const goldenTurn = (name: GoldenName) => reduceTurnAll(newTurn, eventsOf(name));
const textOf = (parts: readonly Part[]) => parts.map((part) => (part.type === "tool" ? `[${part.name}]` : part.text));

/** Events numbered from 1. */
function events(
  ...list: { [T in TurnEvent["type"]]: Omit<Extract<TurnEvent, { type: T }>, "id"> }[TurnEvent["type"]][]
) {
  return list.map((event, index) => ({ id: index + 1, ...event }) as TurnEvent);
}

describe("reduceTurn", () => {
  it("keeps the sources that the text may cite", () => {
    const cited = [
      { number: 1, url: "https://a.example/", title: "A" },
      { number: 2, url: "https://b.example/", title: "B" },
    ];

    const turn = reduceTurnAll(newTurn, events(...cited.map((data) => ({ type: "citation" as const, data }))));

    expect(turn.cited).toEqual(cited);
  });

  it("joins the text of a plain turn, its reasoning apart", () => {
    const turn = goldenTurn("plain-text");

    expect(turn.status).toBe("complete");
    expect(turn.parts).toEqual([
      { type: "reasoning", text: "The person greets, so I greet." },
      { type: "text", text: 'Grüße, 世界 👩‍🚀!\n\nA *plain* answer with a line\u2028separator and a "quote".' },
    ]);
    expect(turn.messages).toEqual([{ role: "assistant", content: textOf(turn.parts)[1] }]);
    expect(turn.usage).toEqual({ input_tokens: 12, output_tokens: 21 });
  });

  it("keeps tool calls in their place, each with its last progress and its result", () => {
    const turn = goldenTurn("tools-parallel");

    expect(textOf(turn.parts)).toEqual([
      "Let me look.",
      "[search_web]",
      "[execute_javascript]",
      "Based on the search, Flex Consumption streams.",
    ]);
    expect(turn.parts[1]).toMatchObject({ status: "complete", completed: 2, total: 2, durationMs: 1874 });
    expect(turn.parts[2]).toMatchObject({ status: "failed", result: '{"error":"Error: no"}' });
  });

  it("shows a call as executing while it is under way", () => {
    const whole = eventsOf("tools-parallel");
    const turn = reduceTurnAll(
      newTurn,
      whole.slice(
        0,
        whole.findIndex((event) => event.type === "tool_call_result"),
      ),
    );

    expect(turn.parts[1]).toMatchObject({ status: "executing", message: "1 of 2 pages read", completed: 1, total: 2 });
    expect(turn.parts[2]).toMatchObject({ status: "executing" });
  });

  it("lists every model call, including a tool's own", () => {
    expect(goldenTurn("tools-parallel").calls).toMatchObject([
      { phase: "answer", iteration: 1, state: "complete", firstTokenMs: 220, usage: { input_tokens: 210 } },
      { phase: "page_summary", tool: "search_web", state: "complete", durationMs: 700 },
      { phase: "answer", iteration: 2, state: "complete", finishReason: "stop" },
    ]);
  });

  it("knows that a model call is retried until the next event", () => {
    const [retry, delta] = events(
      {
        type: "llm_retry",
        data: { iteration: 1, attempt: 2, wait_seconds: 4.5, code: "RATE_LIMITED", reason: "Slow down." },
      },
      { type: "delta", data: { content: "Hi" } },
    );

    const waiting = reduceTurnAll(newTurn, [retry as TurnEvent]);

    expect(waiting.retry).toEqual({ attempt: 2, waitSeconds: 4.5, code: "RATE_LIMITED", reason: "Slow down." });
    expect(reduceTurn(waiting, delta as TurnEvent)).not.toHaveProperty("retry");
  });

  it("closes the call of the tool that the response names when two tools call a model at the same time", () => {
    const call = { phase: "page_summary", iteration: 1, tool: "read_page" };
    const turn = reduceTurnAll(
      newTurn,
      events(
        { type: "llm_request", data: { ...call, provider: "p", model: "m", tool_call_id: "one" } },
        { type: "llm_request", data: { ...call, provider: "p", model: "m", tool_call_id: "two" } },
        { type: "llm_response", data: { ...call, tool_call_id: "two", finish_reason: "stop", duration_ms: 7 } },
      ),
    );

    expect(turn.calls.map(({ state, durationMs }) => [state, durationMs])).toEqual([
      ["running", undefined],
      ["complete", 7],
    ]);
  });

  it("keeps the text that came before an error", () => {
    expect(goldenTurn("error")).toMatchObject({
      status: "failed",
      parts: [{ type: "text", text: "This answer breaks" }],
      failure: { code: "UPSTREAM_ERROR", retryable: true },
    });
  });

  it("shows a cancelled turn as stopped", () => {
    expect(goldenTurn("cancelled")).toMatchObject({ status: "stopped", failure: { code: "CANCELLED" } });
  });

  it("discards the unfinished text and its call on a reset", () => {
    const turn = goldenTurn("reset");

    expect(textOf(turn.parts)).toEqual(["The whole answer."]);
    expect(turn.calls.map((call) => call.state)).toEqual(["void", "complete"]);
  });

  it("keeps whole messages and tool calls on a reset", () => {
    const call = { id: "c", name: "search_web", arguments: "{}" };
    const turn = reduceTurnAll(
      newTurn,
      events(
        { type: "delta", data: { content: "Whole." } },
        { type: "message_complete", data: { role: "assistant", content: "Whole." } },
        { type: "tool_call_start", data: call },
        { type: "delta", data: { content: "Half" } },
        { type: "message_reset", data: { iteration: 2 } },
        { type: "delta", data: { content: "Again." } },
      ),
    );

    expect(textOf(turn.parts)).toEqual(["Whole.", "[search_web]", "Again."]);
  });

  it("discards the sources of an unfinished answer on a reset", () => {
    const source = (number: number, title: string) => ({ number, url: "https://one.test/", title });
    const request = { phase: "answer", iteration: 1, provider: "p", model: "m" };
    const turn = reduceTurnAll(
      newTurn,
      events(
        { type: "citation", data: source(1, "Of a tool") },
        { type: "llm_request", data: request },
        { type: "citation", data: source(2, "Void") },
        { type: "message_reset", data: { iteration: 1 } },
        { type: "llm_request", data: request },
        { type: "citation", data: source(2, "Two") },
      ),
    );

    expect(turn.cited?.map(({ title }) => title)).toEqual(["Of a tool", "Two"]);
  });

  it("is the same whether events come once or some of them twice", () => {
    const whole = eventsOf("tools-parallel");

    expect(reduceTurnAll(newTurn, [...whole.slice(0, 9), ...whole])).toEqual(reduceTurnAll(newTurn, whole));
  });

  it("changes nothing after the end", () => {
    const turn = goldenTurn("cancelled");

    expect(reduceTurn(turn, { id: 99, type: "delta", data: { content: "more" } })).toBe(turn);
  });

  it("shows a call whose first event is its result", () => {
    const result = { id: "c", name: "search_web", content: "[]", duration_ms: 1 };
    const turn = reduceTurnAll(newTurn, events({ type: "tool_call_result", data: result }));

    expect(turn.parts).toMatchObject([{ id: "c", arguments: "", status: "complete" }]);
  });

  it("does not change a call that has ended", () => {
    const call = { id: "c", name: "search_web" };
    const turn = reduceTurnAll(
      newTurn,
      events(
        { type: "tool_call_result", data: { ...call, content: "[]", duration_ms: 1 } },
        { type: "tool_call_progress", data: { ...call, status: "executing" } },
      ),
    );

    expect(turn.parts).toMatchObject([{ status: "complete" }]);
  });
});

describe("resumeTurn", () => {
  const lost = (turn: TurnState) =>
    failTurn(turn, { message: "Gone.", code: "UPSTREAM_ERROR", retryable: true, lost: true });
  const half = reduceTurnAll(newTurn, eventsOf("error").slice(0, 3));

  it("resumes a turn that was given up where it was", () => {
    expect(resumeTurn(lost(half))).toEqual(half);
    expect(resumeTurn(lost(newTurn))).toEqual(newTurn);
  });

  it("keeps a turn that the server ended", () => {
    const turn = goldenTurn("error");

    expect(resumeTurn(turn)).toBe(turn);
  });
});
