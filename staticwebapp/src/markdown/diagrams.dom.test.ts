import { readFileSync } from "node:fs";
import { join } from "node:path";
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

it("loads the script of the sandbox again after it could not be loaded", async () => {
  let draw = (_: MessageEvent) => Promise.resolve();
  vi.spyOn(globalThis, "addEventListener").mockImplementation((_: string, listener: unknown) => {
    draw = listener as typeof draw;
  });
  vi.spyOn(globalThis, "postMessage").mockImplementation(() => {});
  new Function(readFileSync(join(import.meta.dirname, "../../public/sandbox/diagram.js"), "utf8"))();
  const message = { data: { id: 1, script: "/mermaid.js", text: "", dark: false }, source: parent } as MessageEvent;
  const scripts = () => [...document.head.querySelectorAll<HTMLScriptElement>('script[src$="/mermaid.js"]')];

  const drawn = draw(message);
  scripts()[0]?.dispatchEvent(new Event("error"));
  await drawn;
  void draw(message);

  expect(scripts()).toHaveLength(2);
  for (const script of scripts()) {
    script.remove();
  }
});
