import { describe, expect, it } from "vitest";
import { goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newTurn, reduceTurn, reduceTurnAll, type TurnState } from "../chat/turn";
import { announcementOf } from "./announcement";

const running = (text: string): TurnState => ({ ...newTurn, status: "running", parts: [{ type: "text", text }] });

describe("announcementOf", () => {
  it.each([
    ["Half a sent", ""],
    ["One. Half", "One. "],
    ["Version 1.5 is", ""],
    ["One?\n\nTwo", "One?\n\n"],
    ["一。二", "一。"],
  ])("says the whole sentences of %j", (text, said) => {
    expect(announcementOf(running(text)).trimEnd()).toBe(said.trimEnd());
  });

  it("announces what tools do, and the end", () => {
    const turn = reduceTurnAll(newTurn, new TurnEventDecoder(turnEvents).push(goldenBytes("tools-parallel")));

    expect(announcementOf(turn)).toBe(
      "Let me look. Running Search the web. Search the web is complete. Running Run JavaScript. Run JavaScript failed. " +
        "Based on the search, Flex Consumption streams. The answer is complete.",
    );
  });

  it("only grows while a plain answer is written", () => {
    let turn = newTurn;
    let before = "";
    for (const event of new TurnEventDecoder(turnEvents).push(goldenBytes("plain-text"))) {
      turn = reduceTurn(turn, event);
      const now = announcementOf(turn);
      expect(now.startsWith(before.trimEnd())).toBe(true);
      before = now;
    }
  });
});
