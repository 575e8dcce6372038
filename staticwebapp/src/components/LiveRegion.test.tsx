import { act, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { ToolPart, ToolStatus } from "../chat/toolPart";
import { assistantNode } from "../chat/tree";
import { newTurn, type Part } from "../chat/turn";
import { LiveRegion } from "./LiveRegion";

const call = (id: string, status: ToolStatus): ToolPart => ({
  type: "tool",
  id,
  name: id,
  arguments: "{}",
  status,
});
const node = (...parts: readonly Part[]) => ({
  ...assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] }),
  turn: { ...newTurn, status: "running" as const, parts },
});

async function follow() {
  vi.useFakeTimers();
  const { rerender } = render(<LiveRegion answer={node()} />);
  await vi.dynamicImportSettled();
  const region = screen.getByRole("status");
  return {
    region,
    said: (...parts: readonly Part[]) => {
      rerender(<LiveRegion answer={node(...parts)} />);
      act(() => vi.advanceTimersByTime(2000));
      return region.textContent;
    },
  };
}

it("Calls that run side by side are announced in whole sentences, in the order in which they end", async () => {
  const { said } = await follow();

  expect(said(call("one", "executing"), call("two", "executing"))).toBe("Running One. Running Two.");
  expect(said(call("one", "executing"), call("two", "complete"))).toBe("Two is complete.");
  expect(said(call("one", "failed"), call("two", "complete"))).toBe("One failed.");
});

it("Bold text is announced without its marks, and whole", async () => {
  const { said } = await follow();
  const text = "**Keep a copy of the file. Then delete it.** Done. ";

  expect(said({ type: "text", text: text.slice(0, 30) })).toBe("Keep a copy of the file.");
  expect(said({ type: "text", text })).toBe("Then delete it. Done.");
});

it("The same words are announced again when they are said of another call", async () => {
  const { region, said } = await follow();
  const first = { ...call("one", "executing"), round: 1 };
  said(first);
  const before = region.firstElementChild;

  expect(said(first, { ...call("one", "executing"), round: 2 })).toBe("Running One.");
  expect(region.firstElementChild).not.toBe(before);
});

it("The sentences that replace those of a void attempt are announced", async () => {
  const { said } = await follow();

  expect(said({ type: "text", text: "Paris is big. It is old. " })).toBe("Paris is big. It is old.");
  expect(said({ type: "text", text: "No such city. Try Rome. " })).toBe("No such city. Try Rome.");
});

it("A call is announced once when text before it is void", async () => {
  const { said } = await follow();
  const text: Part = { type: "text", text: "I look. " };

  expect(said(text, call("one", "executing"))).toBe("I look. Running One.");
  expect(said(call("one", "complete"))).toBe("One is complete.");
});
