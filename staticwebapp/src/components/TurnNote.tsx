import { strings } from "../i18n/strings";
import { useChatState } from "../services";
import type { StandaloneTurnState } from "../turns/standaloneTurn";
import { explain } from "./failures";

interface TurnNoteProps {
  readonly turn: StandaloneTurnState<unknown, unknown>;
  readonly working: string;
}

/** The state of a search or a plan, where its results do not show it: running, stopped, failed. */
export function TurnNote({ turn, working }: TurnNoteProps) {
  const limits = useChatState((state) => state.limits);
  if (turn.status === "failed" && turn.failure !== undefined) {
    const { what, advice, detail } = explain(turn.failure, limits.maxBodyBytes);
    return (
      <div role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm">
        <p className="font-medium">{what}</p>
        {advice !== undefined && <p>{advice}</p>}
        {detail !== undefined && <p lang="en">{detail}</p>}
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
