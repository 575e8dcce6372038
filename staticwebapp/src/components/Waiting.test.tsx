import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PersonRequest } from "../approvals/requests";
import { type ToolPart, toolPart } from "../chat/toolPart";
import { newTurn } from "../chat/turn";
import { loadLanguage } from "../i18n/strings";
import { Waiting } from "./Waiting";

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  vi.useRealTimers();
  await loadLanguage("en");
});

it("counts down to the next attempt of a failed model call", () => {
  const reason = "Provider openai (gpt-4.1) is getting too many requests. Try again later.";
  const retry = { attempt: 1, waitSeconds: 2.5, code: "RATE_LIMITED", reason } as const;
  render(<Waiting turn={{ ...newTurn, lastEventId: 3, retry }} connection="open" retryAt={undefined} />);

  expect(screen.getByText(/Retrying in 3 s/).textContent).toBe(
    "The model call failed. Retrying in 3 s. Provider openai (gpt-4.1) is getting too many requests.",
  );
  act(() => void vi.advanceTimersByTime(1000));
  expect(screen.getByText(/Retrying in 2 s/)).toBeDefined();
  act(() => void vi.advanceTimersByTime(2000));
  expect(screen.getByText(/Retrying…/)).toBeDefined();
});

it("names the reason of a failed model call in the language of the page", async () => {
  await loadLanguage("de");
  const retry = { attempt: 1, waitSeconds: 2.5, code: "RATE_LIMITED", reason: "Too many requests. Wait." } as const;
  render(<Waiting turn={{ ...newTurn, lastEventId: 3, retry }} connection="open" retryAt={undefined} />);

  expect(screen.getByText(/Neuer Versuch in 3 s/).textContent).toMatch(/Ein Limit ist erreicht\.$/);
});

it("counts no tool that waits for the user", () => {
  const parts: readonly ToolPart[] = ["a", "b"].map((id) => toolPart({ id, name: `tool_${id}`, arguments: "{}" }));
  const requests = [{ type: "input", id: "req_1", call_id: "a" } as PersonRequest];
  render(<Waiting turn={{ ...newTurn, lastEventId: 3, parts, requests }} connection="open" retryAt={undefined} />);

  expect(screen.getByText(/^Running: Tool b/)).toBeDefined();
});
