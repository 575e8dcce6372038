import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./problem";
import { whenFree } from "./whenFree";

const refusal = (status: number, retryAfterMs?: number) =>
  new ApiError("Busy.", { code: "RATE_LIMITED", status, retryable: true, retryAfterMs });

const { signal } = new AbortController();

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("whenFree", () => {
  it.each([429, 503])(
    "sends a request again when the Retry-After of a %i has passed, and not before",
    async (status) => {
      const request = vi.fn().mockRejectedValueOnce(refusal(status, 7_000)).mockResolvedValue("served");

      const served = whenFree(request, signal);

      await vi.advanceTimersByTimeAsync(6_999);
      expect(request).toHaveBeenCalledOnce();
      await vi.advanceTimersByTimeAsync(3_501);
      expect(await served).toBe("served");
      expect(request).toHaveBeenCalledTimes(2);
    },
  );

  it("sends a request again later where there is no Retry-After", async () => {
    const request = vi.fn().mockRejectedValueOnce(refusal(503)).mockResolvedValue("served");

    const served = whenFree(request, signal);
    await vi.runAllTimersAsync();

    expect(await served).toBe("served");
  });

  it.each([
    ["after a few times", refusal(429, 1_000), 5],
    ["at once where the server asks for a long wait", refusal(503, 3_600_000), 1],
    ["at once after another error", refusal(404), 1],
  ])("fails %s", async (_, error, times) => {
    const request = vi.fn().mockRejectedValue(error);

    const failed = expect(whenFree(request, signal)).rejects.toBe(error);
    await vi.runAllTimersAsync();

    await failed;
    expect(request).toHaveBeenCalledTimes(times);
  });

  it("sends nothing again once it is aborted", async () => {
    const stop = new AbortController();
    const request = vi.fn().mockRejectedValue(refusal(429, 7_000));

    const failed = expect(whenFree(request, stop.signal)).rejects.toThrow("Busy.");
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();

    await failed;
    expect(request).toHaveBeenCalledOnce();
  });
});
