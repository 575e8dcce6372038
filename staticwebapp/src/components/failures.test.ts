import { afterEach, describe, expect, it } from "vitest";
import { ApiError, errorText, toApiError, unreachable } from "../api/problem";
import { type TurnFailure, toFailure } from "../chat/failure";
import { loadLanguage } from "../i18n/strings";
import { explain } from "./failures";

afterEach(() => loadLanguage("en"));

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
    "The provider's content filter stopped the answer. Rephrase the request.",
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

  it("does not repeat that the content filter refused the request", () => {
    const message = "The content filter of provider x refused the request: input new_sensitive";

    expect(explain(failure({ message, code: "CONTENT_FILTERED" }), undefined)).toEqual({
      what: message,
      advice: "Try rephrasing the request.",
    });
  });

  it("names the limit of a request in words", () => {
    expect(explain(failure({ message: "4194304 bytes", status: 413 }), 4_194_304).what).toContain("(4.2 MB)");
  });

  it("offers to continue an answer that may still be there", () => {
    expect(explain(failure({ lost: true }), undefined).advice).toContain("Continue when you are connected");
  });
});

describe("failures in German", () => {
  it("have a sentence by their code, and that of the server as a detail", async () => {
    await loadLanguage("de");

    expect(
      explain(failure({ message: "Provider x failed with status 500.", code: "UPSTREAM_ERROR" }), undefined),
    ).toEqual({
      what: "Ein Dienst, den der Server nutzt, hat einen Fehler gemeldet.",
      advice: "Versuche es erneut oder wähle ein anderes Modell.",
      detail: "Provider x failed with status 500.",
    });
  });

  it("advise in German where the server advises in English, except about limits", async () => {
    await loadLanguage("de");

    expect(explain(failure({ message: "It failed. Try again.", code: "INTERNAL" }), undefined).advice).toBe(
      "Versuche es erneut.",
    );
    expect(explain(failure({ message: "Wait until 14:00 UTC.", code: "RATE_LIMITED" }), undefined)).toEqual({
      what: "Ein Limit ist erreicht.",
      detail: "Wait until 14:00 UTC.",
    });
  });

  it.each([
    [
      "has no sentence for a code",
      () => toFailure(new ApiError("New.", { code: "NEW" as never, status: 400, retryable: false })),
      "New.",
    ],
    [
      "could not reach the server",
      () => toFailure(unreachable()),
      "Der Server ist nicht erreichbar. Prüfe deine Verbindung und versuche es erneut.",
    ],
    ["failed", () => toFailure(new TypeError("x is undefined")), "Auf dieser Seite ist ein Fehler aufgetreten."],
  ])("are the text of a page that %s", async (_, toShow, what) => {
    await loadLanguage("de");

    const explained = explain(toShow(), undefined);

    expect([explained.what, explained.detail]).toEqual([what, undefined]);
  });

  it.each([
    [403, "Der Server hat die Anfrage abgelehnt (HTTP 403)."],
    [502, "Der Server konnte nicht antworten (HTTP 502). Versuche es gleich noch einmal."],
  ])("name the status %d of a response that is not the server's", async (status, what) => {
    await loadLanguage("de");

    const error = await toApiError(new Response("<html>", { status }));

    expect(explain(toFailure(error), undefined).what).toBe(what);
    expect(errorText(error, "")).toBe(what);
  });

  it("that are not of an answer begin with the sentence of their code", async () => {
    await loadLanguage("de");
    const refused = new ApiError("You have 5 links.", { code: "RATE_LIMITED", status: 429, retryable: false });

    expect(errorText(refused, "")).toBe("Ein Limit ist erreicht. You have 5 links.");
    expect(errorText(unreachable(), "")).toBe(
      "Der Server ist nicht erreichbar. Prüfe deine Verbindung und versuche es erneut.",
    );
    expect(errorText("thrown", "Sonst.")).toBe("Sonst.");
  });
});
