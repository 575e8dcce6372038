import { createParser } from "eventsource-parser";
import { isEventName, type TurnEvent } from "./events";

/** The server sent something that is no event of the protocol. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}

/**
 * Bytes of a `text/event-stream` in, events out, wherever the bytes are split. Comments, and events that this page
 * does not know, yield nothing.
 */
export class TurnEventDecoder {
  /** Milliseconds that the server asks to wait before reconnecting (`retry:`). */
  retryMs: number | undefined;

  readonly #text = new TextDecoder();
  #events: TurnEvent[] = [];
  readonly #parser = createParser({
    onRetry: (milliseconds) => {
      this.retryMs = milliseconds;
    },
    onEvent: ({ id, event, data }) => {
      if (isEventName(event)) {
        this.#events.push(toTurnEvent(id, event, data));
      }
    },
  });

  /** @throws ProtocolError when an event's data is not a JSON object or its id not a number. */
  push(bytes: Uint8Array): readonly TurnEvent[] {
    this.#parser.feed(this.#text.decode(bytes, { stream: true }));
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

function toTurnEvent(id: string | undefined, type: TurnEvent["type"], text: string): TurnEvent {
  const number = Number(id);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new ProtocolError(`The ${type} event has no usable id.`);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ProtocolError(`Event ${number} (${type}) does not hold JSON.`);
  }
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    throw new ProtocolError(`Event ${number} (${type}) does not hold a JSON object.`);
  }
  return { id: number, type, data } as TurnEvent;
}
