import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { hasEnded, type ToolPart } from "../chat/toolPart";
import { duration, words } from "./format";
import { ToolArguments } from "./ToolArguments";
import { ToolResult } from "./ToolResult";

interface ToolCardProps {
  readonly part: ToolPart;
  /** False when the turn is over: a call that has not ended by then was stopped. */
  readonly running: boolean;
}

const looks = {
  starting: { symbol: "⏳", word: "Starting", colour: "text-waiting" },
  executing: { symbol: "⚡", word: "Executing", colour: "text-running" },
  complete: { symbol: "✓", word: "Complete", colour: "text-good" },
  failed: { symbol: "✗", word: "Failed", colour: "text-bad" },
  stopped: { symbol: "✗", word: "Stopped", colour: "text-muted" },
} as const;

/** One tool call: what is called with what, how far it is, and, folded away, what it gave. */
export function ToolCard({ part, running }: ToolCardProps) {
  const state = hasEnded(part) || running ? part.status : "stopped";
  const { symbol, word, colour } = looks[state];
  return (
    <section
      className="rounded-xl border border-line bg-surface text-sm"
      aria-label={`Tool ${words(part.name)}: ${word}`}
      data-tool={part.name}
      data-status={state}
    >
      <details className="group">
        <summary className="flex min-h-11 list-none items-center gap-2.5 rounded-xl px-3.5 py-2 [&::-webkit-details-marker]:hidden">
          <span className={`w-5 shrink-0 text-center font-semibold ${colour}`} aria-hidden>
            {symbol}
          </span>
          <span className="min-w-0 flex-1">
            <span className="font-medium">{words(part.name)}</span> <Brief part={part} />
          </span>
          <span className={`shrink-0 text-xs ${colour}`}>
            {word}
            {part.durationMs !== undefined && <span className="text-muted"> · {duration(part.durationMs)}</span>}
          </span>
          <ChevronRight
            size={16}
            className="shrink-0 text-muted transition-transform group-open:rotate-90 rtl:-scale-x-100"
            aria-hidden
          />
        </summary>
        <div className="space-y-3 border-line border-t px-3.5 py-3 [&_pre]:max-h-96 [&_pre]:overflow-y-auto">
          {!/^[{}\s]*$/.test(part.arguments) && (
            <Section title="Arguments">
              <ToolArguments text={part.arguments} />
            </Section>
          )}
          {part.result !== undefined && (
            <Section title={part.status === "failed" ? "Error" : "Result"}>
              <ToolResult content={part.result} />
            </Section>
          )}
        </div>
      </details>
      {state === "executing" && <Progress part={part} />}
    </section>
  );
}

/** The first argument, on the card's one line. */
function Brief({ part }: { readonly part: ToolPart }) {
  let first: unknown;
  try {
    first = Object.values((JSON.parse(part.arguments) as object | null) ?? {})[0];
  } catch {
    // Arguments that are no JSON are shown whole inside of the card.
  }
  return typeof first === "string" ? (
    <span className="block truncate text-muted text-xs" dir="auto">
      {first}
    </span>
  ) : null;
}

function Progress({ part }: { readonly part: ToolPart }) {
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
          aria-label={part.message ?? words(part.name)}
        />
      )}
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <p className="mb-1.5 font-medium text-muted text-xs">{title}</p>
      {children}
    </div>
  );
}
