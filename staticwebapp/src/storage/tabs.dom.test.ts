import { afterEach, expect, it } from "vitest";
import { unlessElsewhere } from "./tabs";

afterEach(() => Reflect.deleteProperty(navigator, "locks"));

it("Something is done in a browser that refuses locks, and its own errors are not taken for that", async () => {
  const run: string[] = [];
  const request = (_: string, __: object, callback: (lock: object) => Promise<void>) => callback({});
  const refuse = () => Promise.reject(new DOMException("Refused.", "SecurityError"));
  const fail = async () => {
    run.push("failing");
    throw new Error("Its own.");
  };

  Object.defineProperty(navigator, "locks", { value: { request: refuse }, configurable: true });
  await unlessElsewhere("a", async () => void run.push("refused"));
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });

  await expect(unlessElsewhere("a", fail)).rejects.toThrow("Its own.");
  expect(run).toEqual(["refused", "failing"]);
});
