import { describe, expect, it } from "vitest";
import type { TurnFailure } from "../chat/failure";
import { explain } from "./failures";

const failure = (changes: Partial<TurnFailure>): TurnFailure => ({
  message: "The provider did not respond.",
  code: "UPSTREAM_ERROR",
  retryable: true,
  ...changes,
});

describe("explain", () => {
  it("adds what helps", () => {
    expect(explain(failure({}), undefined)).toEqual({
      what: "The provider did not respond.",
      advice: "Try again, or choose another model.",
    });
  });

  it.each([
    "Something went wrong on the server. Try again.",
    "You have used today's tokens. Wait until 14:00 UTC.",
    "The key was refused. Check its setting.",
  ])("adds nothing to %j, which says what to do", (message) => {
    expect(explain(failure({ message, code: "INTERNAL" }), undefined)).toEqual({ what: message });
  });

  it("does not ask to wait for a limit that does not end soon", () => {
    expect(
      explain(failure({ message: "The quota is used up.", code: "RATE_LIMITED" }), undefined).advice,
    ).toBeUndefined();
  });

  it("says what helps when the conversation is too long for the model", () => {
    const message = "This model's maximum context length is 8192 tokens.";

    expect(explain(failure({ message }), undefined).advice).toContain("Start a new chat");
  });

  it("names the limit of a request in words", () => {
    expect(explain(failure({ message: "4194304 bytes", status: 413 }), 4_194_304).what).toContain("(4.2 MB)");
  });

  it("offers to continue an answer that may still be there", () => {
    expect(explain(failure({ lost: true }), undefined).advice).toContain("Continue when you are connected");
  });
});
