import { ChevronRight } from "lucide-react";
import { memo } from "react";
import { hasEnded, type ToolPart } from "../chat/toolPart";
import { useLanguage } from "../hooks/useLanguage";
import { strings } from "../i18n/strings";
import { membersOf, plain } from "../json";
import { withVisibleReordering } from "../text";
import { duration } from "./format";
import { Lazy } from "./Lazy";
import { LoadError } from "./LoadError";
import { onDemand } from "./onDemand";
import { toolTitle } from "./tools";

const ToolDetails = onDemand(() => import("./ToolDetails"));

interface ToolCardProps {
  readonly part: ToolPart;
  /** False when the turn is over: a call that has not ended by then was stopped. */
  readonly running: boolean;
  /** Whether the call waits for an answer of the user. */
  readonly waiting?: boolean;
}

const looks = {
  starting: { symbol: "⏳", colour: "text-waiting", word: () => strings.toolStarting },
  executing: { symbol: "⚡", colour: "text-running", word: () => strings.toolExecuting },
  waiting: { symbol: "?", colour: "text-waiting", word: () => strings.waitingForYou },
  complete: { symbol: "✓", colour: "text-good", word: () => strings.toolComplete },
  failed: { symbol: "✗", colour: "text-bad", word: () => strings.toolFailed },
  deny: { symbol: "✗", colour: "text-muted", word: () => strings.toolDenied },
  expired: { symbol: "✗", colour: "text-muted", word: () => strings.toolExpired },
  stopped: { symbol: "✗", colour: "text-muted", word: () => strings.toolStopped },
} as const;

/** The title and, next to it or, on a narrow screen, below it, the state. */
export const summaryText = "flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5";
export const summaryTitle = "min-w-[min(8rem,100%)] flex-1 [overflow-wrap:anywhere]";

/** One tool call: its title, its arguments, its progress, and, folded, its result. */
export const ToolCard = memo(function ToolCard({ part, running, waiting = false }: ToolCardProps) {
  useLanguage();
  const ended = hasEnded(part);
  const state = part.denied ?? (!ended && !running ? "stopped" : !ended && waiting ? "waiting" : part.status);
  const { symbol, colour, word } = looks[state];
  const title = toolTitle(part.name);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and the name of a section must be unique
    <div
      role="group"
      className="rounded-xl border border-line bg-surface text-sm"
      aria-label={strings.toolRegion(title, word())}
      data-tool={part.name}
      data-status={state}
    >
      <details className="group/tool">
        <summary className="flex min-h-11 list-none items-center gap-2.5 rounded-xl px-3.5 py-2 [&::-webkit-details-marker]:hidden">
          <span className={`w-5 shrink-0 text-center font-semibold ${colour}`} aria-hidden>
            {symbol}
          </span>
          <span className={summaryText}>
            <span className={summaryTitle}>
              <span className="font-medium">{title}</span> <Brief part={part} />
            </span>
            <span className={`text-xs ${colour}`}>
              {word()}
              {part.durationMs !== undefined && part.denied === undefined && (
                <span className="text-muted"> · {duration(part.durationMs)}</span>
              )}
            </span>
          </span>
          <ChevronRight
            size="1rem"
            className="shrink-0 text-muted transition-transform group-open/tool:rotate-90 rtl:-scale-x-100"
            aria-hidden
          />
        </summary>
        <Lazy error={<LoadError />}>
          <ToolDetails part={part} />
        </Lazy>
      </details>
      {state === "executing" && <Progress part={part} />}
    </div>
  );
});

/** The first argument, on one line of the card. */
function Brief({ part }: { readonly part: ToolPart }) {
  const [[, first = ""] = []] = membersOf(part.arguments) ?? [];
  return first.trimStart().startsWith('"') ? (
    <span className="block truncate text-muted text-xs" dir="auto">
      {withVisibleReordering(plain(first))}
    </span>
  ) : null;
}

/** How far a running call is, where it reports it. */
export function Progress({ part }: { readonly part: ToolPart }) {
  const known = part.total !== undefined && part.total > 0;
  if (!known && part.message === undefined) {
    return null;
  }
  return (
    <div className="px-3.5 pb-3">
      {part.message !== undefined && <p className="text-muted text-xs">{part.message}</p>}
      {known && (
        <progress
          className="mt-1.5 block h-1.5 w-full overflow-hidden rounded-full [&::-moz-progress-bar]:bg-running [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-running [&::-webkit-progress-value]:transition-[inline-size]"
          max={part.total}
          value={Math.min(part.completed ?? 0, part.total ?? 0)}
          aria-label={part.message ?? toolTitle(part.name)}
        />
      )}
    </div>
  );
}
