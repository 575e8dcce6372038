import { describe, expect, it } from "vitest";
import { goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import type { PersonRequest } from "../approvals/requests";
import { toolPart } from "../chat/toolPart";
import { newTurn, reduceTurn, reduceTurnAll, type TurnState } from "../chat/turn";
import { announcementsOf } from "./announcement";

const textsOf = (turn: TurnState) => announcementsOf(turn).map(({ text }) => text.trim());
const running = (text: string): TurnState => ({ ...newTurn, status: "running", parts: [{ type: "text", text }] });

describe("announcementsOf", () => {
  it.each([
    ["Half a sent", []],
    ["One. Half", ["One."]],
    ["Version 1.5 is", []],
    ["One?\n\nTwo", ["One?"]],
    ["一。二", ["一。"]],
    ["Do this:\n\n1. Read it. Twice.\n2. Wr", ["Do this:", "1. Read it.", "Twice."]],
    ["**Keep a copy of the file. Then del", ["Keep a copy of the file."]],
    ["One:\n\n```js\nlet a = 1. ", ["One:"]],
  ])("says the whole sentences of %j", (text, said) => {
    expect(textsOf(running(text))).toEqual(said);
  });

  it("says each sentence once, also those in bold", () => {
    const text = "Before. **Keep a copy of the file. Then delete it.** Costs are $5 [1]. *Soft words. More.* End";
    const said = new Map<string, string>();
    for (let end = 1; end <= text.length; end++) {
      for (const { key, text: sentence } of announcementsOf(running(text.slice(0, end)))) {
        said.set(key, said.get(key) ?? sentence);
      }
    }

    expect([...said.values()]).toEqual([
      "Before.",
      "Keep a copy of the file.",
      "Then delete it.",
      "Costs are $5 [1].",
      "Soft words.",
      "More.",
    ]);
  });

  it("says a sentence once when its source becomes known later", () => {
    const turn = running("Rome is old [1]. It is big. ");
    const cited = [{ number: 1, url: "https://example.com/", title: "Rome" }];
    const keysOf = (state: TurnState) => announcementsOf(state).map(({ key }) => key);

    expect(textsOf({ ...turn, cited })).toEqual(["Rome is old.", "It is big."]);
    expect(keysOf({ ...turn, cited })).toEqual(keysOf(turn));
  });

  it("announces what tools do, and the end", () => {
    const turn = reduceTurnAll(newTurn, new TurnEventDecoder(turnEvents).push(goldenBytes("tools-parallel")));

    expect(textsOf(turn).join(" ")).toBe(
      "Let me look. Running Search the web. Search the web is complete. Running Run JavaScript. Run JavaScript failed. " +
        "Based on the search, Flex Consumption streams. The answer is complete.",
    );
  });

  it.each<[Partial<PersonRequest>, string]>([
    [{ type: "approval", name: "search_web" }, "Approve this call: Search the web?"],
    [{ type: "input" }, "The tool has a question"],
    [{ type: "budget" }, "Waiting for you"],
  ])("announces what a turn asks the user: %o", (request, said) => {
    const turn = {
      ...running("Let me look. "),
      requests: [{ id: "req_1", ...request } as PersonRequest],
      parked: true,
    };

    expect(textsOf(turn)).toEqual(["Let me look.", said]);
    expect(textsOf({ ...turn, status: "stopped" })).toEqual(["Let me look.", "Stopped."]);
  });

  it.each([
    ["deny", "Tool Search the web: Denied."],
    ["expired", "Tool Search the web: Not approved in time."],
  ] as const)("announces that a call did not run for want of an approval: %s", (denied, said) => {
    const call = { ...toolPart({ id: "c", name: "search_web", arguments: "{}" }), status: "failed", denied } as const;

    expect(textsOf({ ...newTurn, status: "running", parts: [call] })).toEqual([said]);
  });

  it("says each step of calls that run side by side once", () => {
    let turn = newTurn;
    const said = new Map<string, string>();
    for (const event of new TurnEventDecoder(turnEvents).push(goldenBytes("tools-parallel"))) {
      turn = reduceTurn(turn, event);
      for (const { key, text } of announcementsOf(turn)) {
        said.set(key, said.get(key) ?? text.trim());
      }
    }

    expect([...said.values()].toSorted()).toEqual([...textsOf(turn)].toSorted());
  });

  it("only grows while a plain answer is written", () => {
    let turn = newTurn;
    let before: readonly string[] = [];
    for (const event of new TurnEventDecoder(turnEvents).push(goldenBytes("plain-text"))) {
      turn = reduceTurn(turn, event);
      const now = textsOf(turn);
      expect(now.slice(0, before.length)).toEqual(before);
      before = now;
    }
  });
});
