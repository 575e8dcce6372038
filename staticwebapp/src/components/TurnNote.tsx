import type { StandaloneTurnState } from "../turns/standaloneTurn";
import { adviceFor } from "./failures";

/** How a search or a plan stands, where it does not show by itself: under way, stopped, failed. */
export function TurnNote({
  run,
  working,
}: {
  readonly run: StandaloneTurnState<unknown, unknown>;
  readonly working: string;
}) {
  if (run.status === "failed" && run.failure !== undefined) {
    return (
      <div role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm">
        <p className="font-medium">{run.failure.message}</p>
        <p>{adviceFor(run.failure)}</p>
      </div>
    );
  }
  const text =
    run.status === "running"
      ? run.connection === "reconnecting"
        ? "Reconnecting…"
        : working
      : run.status === "stopped"
        ? "Stopped."
        : "";
  return (
    <p role="status" className="text-muted text-sm empty:m-0!">
      {text}
    </p>
  );
}
