import { describe, expect, it } from "vitest";
import { goldenBytes, goldenNames } from "../../test/golden";
import { ProtocolError, TurnEventDecoder } from "./decoder";
import { endsTurn, type TurnEvent, turnEvents } from "./events";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function decode(...pieces: Uint8Array[]): TurnEvent[] {
  const decoder = new TurnEventDecoder(turnEvents);
  return pieces.flatMap((piece) => [...decoder.push(piece)]);
}

describe("TurnEventDecoder", () => {
  it.each(goldenNames)("reads %s as events with ids from 1 without a gap, the last of which ends the turn", (name) => {
    const events = decode(goldenBytes(name));

    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe("status");
    expect(events.filter(endsTurn)).toEqual(events.slice(-1));
  });

  it.each(goldenNames)("reads the same events of %s wherever its bytes are split", (name) => {
    const bytes = goldenBytes(name);
    const whole = decode(bytes);

    for (let at = 1; at < bytes.length; at++) {
      expect(decode(bytes.subarray(0, at), bytes.subarray(at)), `split at byte ${at}`).toEqual(whole);
    }
  });

  it.each(goldenNames)("reads the same events of %s byte by byte", (name) => {
    const bytes = goldenBytes(name);

    expect(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(decode(bytes));
  });

  it("keeps the wait that the server asks for", () => {
    const decoder = new TurnEventDecoder(turnEvents);

    decoder.push(goldenBytes("error"));

    expect(decoder.retryMs).toBe(1000);
  });

  it("passes over comments and events that it does not know", () => {
    const events = decode(
      bytesOf(': hello\n\nid: 1\nevent: novelty\ndata: {}\n\nid: 2\nevent: delta\ndata: {"content":"x"}\n\n'),
    );

    expect(events).toEqual([{ id: 2, type: "delta", data: { content: "x" } }]);
  });

  it("does not take the names of an object's own methods for events", () => {
    expect(decode(bytesOf("id: 1\nevent: toString\ndata: {}\n\n"))).toEqual([]);
  });

  it.each([
    ["no JSON", "id: 1\nevent: delta\ndata: {oops\n\n"],
    ["no object", "id: 1\nevent: delta\ndata: [1]\n\n"],
    ["null", "id: 1\nevent: delta\ndata: null\n\n"],
    ["no id", 'event: delta\ndata: {"content":"x"}\n\n'],
    ["an id that is no number", 'id: seven\nevent: delta\ndata: {"content":"x"}\n\n'],
  ])("refuses an event with %s", (_, text) => {
    expect(() => decode(bytesOf(text))).toThrow(ProtocolError);
  });

  it("does not deliver an event that was cut off", () => {
    expect(decode(bytesOf('id: 1\nevent: delta\ndata: {"content":"x"}\n'))).toEqual([]);
  });
});
