import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { useToday } from "../hooks/useToday";
import { fine } from "../hooks/useTypeAtOnce";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import type { EndedTurn } from "../storage/endedTurn";
import { focusIfLost } from "./focusIfLost";
import { when } from "./format";

interface EarlierTurnsProps<Request, View> {
  readonly kind: string;
  readonly heading: string;
  /** Changes when a turn may have been added. */
  readonly version: unknown;
  readonly titleOf: (request: Request) => string;
  readonly onChosen: (request: Request, view: View) => void;
  readonly onCleared?: () => void;
}

const few = 5;

/** The searches or plans of this browser that have ended. */
export function EarlierTurns<Request, View>(props: EarlierTurnsProps<Request, View>) {
  const { kind, heading, version, titleOf, onChosen, onCleared } = props;
  const { history } = useServices();
  useToday();
  const [turns, setTurns] = useState<readonly EndedTurn<Request, View>[]>([]);
  const [all, showAll] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when there may be another one
  useEffect(() => {
    let wanted = true;
    void history.list(kind).then((list) => wanted && setTurns(list as readonly EndedTurn<Request, View>[]));
    return () => {
      wanted = false;
    };
  }, [history, kind, version]);
  if (turns.length === 0) {
    return null;
  }
  return (
    <section aria-label={heading} className="border-line border-t pt-4">
      <div className="mb-1 flex items-center justify-between">
        <h2 className="font-semibold text-sm">{heading}</h2>
        <button
          type="button"
          className="text-muted text-sm underline underline-offset-2"
          onClick={() => {
            onCleared?.();
            void history.clear(kind).then(() => {
              flushSync(() => setTurns([]));
              if (matchMedia(fine).matches) {
                focusIfLost(() => document.querySelector<HTMLElement>("main form textarea"));
              }
            });
          }}
        >
          {strings.clearHistory}
        </button>
      </div>
      <ul>
        {turns.slice(0, all ? turns.length : few).map((turn) => (
          <li key={turn.id}>
            <button
              type="button"
              className="flex w-full items-baseline gap-3 rounded-lg px-2.5 py-1.5 text-start text-sm hover:bg-raised"
              onClick={() => onChosen(turn.request, turn.view)}
            >
              <span className="min-w-0 flex-1 truncate" dir="auto">
                {titleOf(turn.request)}
              </span>
              <time className="shrink-0 text-muted text-xs" dateTime={new Date(turn.endedAt).toISOString()}>
                {when(turn.endedAt)}
              </time>
            </button>
          </li>
        ))}
      </ul>
      {!all && turns.length > few && (
        <button
          type="button"
          className="mt-1 px-2.5 text-muted text-sm underline underline-offset-2"
          onClick={() => showAll(true)}
        >
          {strings.showMore}
        </button>
      )}
    </section>
  );
}
