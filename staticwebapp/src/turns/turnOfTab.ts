import type { ChatApi } from "../api/client";
import type { StreamEvent } from "../api/events";
import { keyOf } from "../storage/owner";
import type { TurnHistory } from "../storage/turnHistory";
import { StandaloneTurn, type StandaloneTurnOptions } from "./standaloneTurn";

interface TurnOfTabOptions<Request, Event extends StreamEvent, View>
  extends Pick<StandaloneTurnOptions<Request, Event, View>, "events" | "empty" | "reduce"> {
  readonly startWith: (api: ChatApi) => StandaloneTurnOptions<Request, Event, View>["start"];
}

/** Returns a function that returns the turn of a kind that this tab shows: it outlives the page that shows it. */
export function turnOfTab<Request extends { readonly turn_id: string }, Event extends StreamEvent, View>(
  kind: string,
  { startWith, ...options }: TurnOfTabOptions<Request, Event, View>,
) {
  let turn: StandaloneTurn<Request, Event, View> | undefined;
  return ({ api, history }: { readonly api: ChatApi; readonly history: TurnHistory }) => {
    if (turn === undefined) {
      turn = new StandaloneTurn({
        ...options,
        api,
        start: startWith(api),
        tabStorage: sessionStorage,
        name: keyOf(kind),
        onEnded: (request, view) => void history.add({ id: request.turn_id, kind, endedAt: Date.now(), request, view }),
      });
      void turn.restore();
    }
    return turn;
  };
}
