import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { drawDiagram } from "./diagrams";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("gives a diagram up whose frame can't be loaded", async () => {
  const drawn = drawDiagram("graph TD; A-->B", false);
  expect(document.querySelector("iframe")).not.toBeNull();

  await vi.advanceTimersByTimeAsync(20_000);

  expect(await drawn).toBeUndefined();
  expect(document.querySelector("iframe")).toBeNull();
});
