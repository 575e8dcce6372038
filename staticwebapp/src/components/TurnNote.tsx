import { strings } from "../i18n/strings";
import type { StandaloneTurnState } from "../turns/standaloneTurn";
import { FailureText } from "./ErrorNote";

interface TurnNoteProps {
  readonly turn: StandaloneTurnState<unknown, unknown>;
  readonly working: string;
  readonly hasModel?: boolean;
}

/** The state of a search or a plan, where its results do not show it: running, stopped, failed. */
export function TurnNote({ turn, working, hasModel = true }: TurnNoteProps) {
  if (turn.status === "failed" && turn.failure !== undefined) {
    return (
      <div role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm">
        <FailureText failure={turn.failure} hasModel={hasModel} />
      </div>
    );
  }
  const text =
    turn.status === "running"
      ? turn.connection === "reconnecting"
        ? strings.reconnecting
        : working
      : turn.status === "stopped"
        ? strings.stopped
        : "";
  return (
    <p role="status" className="text-muted text-sm empty:m-0!">
      {text}
    </p>
  );
}
