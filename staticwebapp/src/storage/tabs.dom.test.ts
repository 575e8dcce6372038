import { afterEach, expect, it, vi } from "vitest";
import { oneAfterTheOther, unlessElsewhere } from "./tabs";

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

it("Something that tabs do one after the other is done although a tab never ends it", async () => {
  const timeout = new AbortController();
  vi.spyOn(AbortSignal, "timeout").mockReturnValue(timeout.signal);
  const request = (_: string, { signal }: LockOptions) =>
    new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
  const action = vi.fn(async () => {});

  const done = oneAfterTheOther("opening", action);
  expect(action).not.toHaveBeenCalled();
  timeout.abort();
  await done;

  expect(action).toHaveBeenCalledOnce();
});
