import { describe, expect, it } from "vitest";
import { type GoldenName, goldenBytes, goldenNames, goldenPlans, goldenSearches } from "../../test/golden";
import { ProtocolError, TurnEventDecoder } from "./decoder";
import { type EventKind, endsTurn, planEvents, type StreamEvent, searchEvents, turnEvents } from "./events";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function decodeAs<Event extends StreamEvent>(kind: EventKind<Event>, ...pieces: Uint8Array[]): Event[] {
  const decoder = new TurnEventDecoder(kind);
  return pieces.flatMap((piece) => [...decoder.push(piece)]);
}

const decode = (...pieces: Uint8Array[]) => decodeAs(turnEvents, ...pieces);

type Decode = (...pieces: Uint8Array[]) => StreamEvent[];

/** Every golden stream, what it is decoded as, and its first event. */
const streams: readonly (readonly [GoldenName, StreamEvent["type"], Decode])[] = [
  ...goldenNames.map((name) => [name, "status", decode] as const),
  ...goldenSearches.map(
    (name) => [name, "search_start", (...pieces: Uint8Array[]) => decodeAs(searchEvents, ...pieces)] as const,
  ),
  ...goldenPlans.map((name) => [name, "status", (...pieces: Uint8Array[]) => decodeAs(planEvents, ...pieces)] as const),
];

describe("TurnEventDecoder", () => {
  it.each(streams)("reads %s as events with ids from 1 without a gap, the last of which ends the turn", (...stream) => {
    const [name, first, read] = stream;
    const events = read(goldenBytes(name));

    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe(first);
    expect(events.filter(endsTurn)).toEqual(events.slice(-1));
  });

  it.each(streams)("reads the same events of %s wherever its bytes are split", (name, _, read) => {
    const bytes = goldenBytes(name);
    const whole = read(bytes);

    for (let at = 1; at < bytes.length; at++) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at)), `split at byte ${at}`).toEqual(whole);
    }
  });

  it.each(streams)("reads the same events of %s byte by byte", (name, _, read) => {
    const bytes = goldenBytes(name);

    expect(read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(read(bytes));
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
