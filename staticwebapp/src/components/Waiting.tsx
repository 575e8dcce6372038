import { useEffect, useState } from "react";
import type { Connection } from "../api/followTurn";
import { waitingCalls } from "../approvals/requests";
import { hasEnded } from "../chat/toolPart";
import type { ModelRetry, TurnState } from "../chat/turn";
import { strings } from "../i18n/strings";
import { Elapsed, useElapsed } from "./Elapsed";
import { reasonOf } from "./failures";
import { toolTitle } from "./tools";

interface WaitingProps {
  readonly turn: TurnState;
  readonly connection: Connection | undefined;
  readonly retryAt: number | undefined;
}

/** What a running answer waits for, where its own parts do not show it. */
export function Waiting({ turn, connection, retryAt }: WaitingProps) {
  if (connection === "reconnecting") {
    return <Reconnecting retryAt={retryAt} />;
  }
  const asking = waitingCalls(turn);
  const tools = turn.parts
    .filter((part) => part.type === "tool")
    .filter((part) => !hasEnded(part) && !asking.has(part.id));
  const [tool] = tools;
  if (tool !== undefined) {
    const label = tools.length === 1 ? strings.runningTool(toolTitle(tool.name)) : strings.runningTools(tools.length);
    return <Line key={`tools-${tool.id}`} label={label} />;
  }
  const last = turn.parts.at(-1);
  const calling = turn.calls.some(({ state, tool: caller }) => state === "running" && caller === undefined);
  if (last !== undefined && last.type !== "tool" && (turn.parts.length > turn.openFrom || !calling)) {
    return null; // text that is being written, or was the last, shows it itself
  }
  if (turn.retry !== undefined) {
    return <Retrying key={`retry-${turn.lastEventId}`} retry={turn.retry} />;
  }
  return turn.lastEventId === 0 ? (
    <Line key="sending" label={strings.sending} />
  ) : (
    <WaitingForModel key={`model-${turn.calls.length}`} />
  );
}

/** Counts down to the next attempt of a model call that failed, and shows why it failed. */
function Retrying({ retry }: { readonly retry: ModelRetry }) {
  const seconds = Math.ceil(retry.waitSeconds - useElapsed());
  return (
    <p className="min-h-6 text-muted text-sm" data-waiting data-retry={retry.attempt}>
      {seconds > 0 ? strings.retryingModelIn(seconds) : strings.retryingModel} <span dir="auto">{reasonOf(retry)}</span>
    </p>
  );
}

const slowSeconds = 20;

function WaitingForModel() {
  return <Line label={useElapsed() < slowSeconds ? strings.waitingForModel : strings.stillWaiting} />;
}

function Line({ label }: { readonly label: string }) {
  return (
    <p className="flex min-h-6 items-center gap-2.5 text-muted text-sm" data-waiting>
      <span className="pulse" aria-hidden />
      <span>
        {label}…<Elapsed />
      </span>
    </p>
  );
}

function Reconnecting({ retryAt }: { readonly retryAt: number | undefined }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000);
  const text = !navigator.onLine
    ? strings.offlineAnswer
    : seconds > 1
      ? strings.reconnectingIn(seconds)
      : strings.reconnecting;
  return (
    <p className="text-muted text-sm" data-connection="reconnecting">
      {text}
    </p>
  );
}
