import { describe, expect, it } from "vitest";
import { type GoldenName, goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newTurn, reduceTurnAll, type TurnState } from "../chat/turn";
import { eventsOf } from "./turnEvents";

const fold = (name: GoldenName) => reduceTurnAll(newTurn, new TurnEventDecoder(turnEvents).push(goldenBytes(name)));

/** What a reader sees, and what a later turn is sent. */
function visible({ status, parts, messages, usage, failure, model, provider, cited }: TurnState) {
  return {
    status,
    messages,
    usage,
    failure,
    model,
    provider,
    cited,
    parts: parts.map((part) =>
      part.type === "tool"
        ? {
            ...part,
            message: undefined,
            completed: undefined,
            total: undefined,
            status: part.status === "starting" ? "executing" : part.status,
          }
        : part,
    ),
  };
}

describe("eventsOf", () => {
  it.each(["plain-text", "tools-parallel", "error", "reset", "cancelled"] as const)(
    "folds into the same turn: %s",
    (name) => {
      const turn = fold(name);

      const again = reduceTurnAll(newTurn, eventsOf("turn-0001", turn));

      expect(visible(again)).toEqual(visible(turn));
      expect(eventsOf("turn-0001", turn).map(({ id }) => id)).toEqual(
        [...eventsOf("turn-0001", turn).keys()].map((i) => i + 1),
      );
    },
  );

  it("keeps the sources of the turn", () => {
    const cited = [{ number: 1, url: "https://a.example/", title: "A" }];

    expect(reduceTurnAll(newTurn, eventsOf("turn-0001", { ...newTurn, status: "stopped", cited })).cited).toEqual(
      cited,
    );
  });

  it("ends a turn whose end is unknown as stopped", () => {
    const turn: TurnState = { ...newTurn, status: "stopped", parts: [{ type: "text", text: "Half" }], openFrom: 0 };

    const again = reduceTurnAll(newTurn, eventsOf("turn-0001", turn));

    expect(again).toMatchObject({ status: "stopped", parts: [{ type: "text", text: "Half" }] });
  });
});
