// @vitest-environment jsdom
import "../../test/jsdom";
import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { newTurn } from "../chat/turn";
import { Waiting } from "./Waiting";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("counts down to the next attempt of a failed model call", () => {
  const retry = { attempt: 1, waitSeconds: 2.5, reason: "Provider openai is getting too many requests." };
  render(<Waiting turn={{ ...newTurn, lastEventId: 3, retry }} connection="open" retryAt={undefined} />);

  expect(screen.getByText(/Retrying in 3 s/).textContent).toContain("too many requests");
  act(() => void vi.advanceTimersByTime(1000));
  expect(screen.getByText(/Retrying in 2 s/)).toBeDefined();
  act(() => void vi.advanceTimersByTime(2000));
  expect(screen.getByText(/Retrying…/)).toBeDefined();
});
