import { createParser } from "eventsource-parser";
import type { EventKind, StreamEvent } from "./events";

/** The server sent something that is not an event of the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/** Decodes the bytes of a `text/event-stream`, wherever they are split. Comments and events of other kinds yield nothing. */
export class TurnEventDecoder<Event extends StreamEvent> {
  /** Milliseconds that the server asks to wait before reconnecting (`retry:`). */
  retryMs: number | undefined;

  readonly #text = new TextDecoder();
  readonly #kind: EventKind<Event>;
  #events: Event[] = [];
  readonly #parser = createParser({
    onRetry: (milliseconds) => {
      this.retryMs = milliseconds;
    },
    onEvent: ({ id, event, data }) => {
      if (this.#kind.has(event)) {
        this.#events.push(toEvent(this.#kind, id, event, data));
      }
    },
  });

  constructor(kind: EventKind<Event>) {
    this.#kind = kind;
  }

  /** @throws ProtocolError when an event's data is not a JSON object or its id is not a number. */
  push(bytes: Uint8Array): readonly Event[] {
    this.#parser.feed(this.#text.decode(bytes, { stream: true }));
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function toEvent<Event extends StreamEvent>(
  kind: EventKind<Event>,
  id: string | undefined,
  type: Event["type"],
  text: string,
): Event {
  const number = Number(id);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new ProtocolError(`The ${type} event has no usable id.`);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ProtocolError(`Event ${number} (${type}) does not contain JSON.`);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new ProtocolError(`Event ${number} (${type}) does not contain a JSON object.`);
  }
  return kind.event(number, type, data);
}
