import { ChevronRight } from "lucide-react";
import { hasEnded, type ToolPart } from "../chat/toolPart";
import { strings } from "../i18n/strings";
import { Progress, summaryText, summaryTitle, ToolCard } from "./ToolCard";
import { toolTitle } from "./tools";

interface ToolGroupProps {
  readonly parts: readonly ToolPart[];
  readonly running: boolean;
  /** The ids of the calls that wait for an answer of the user. */
  readonly waiting: ReadonlySet<string>;
}

/** The tool calls of one round: a single card, or a group that opens. */
export function ToolGroup({ parts, running, waiting }: ToolGroupProps) {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) {
    return <ToolCard part={first} running={running} waiting={waiting.has(first.id)} />;
  }
  const ended = parts.filter(hasEnded);
  const denied = ended.filter((part) => part.denied !== undefined).length;
  const failed = ended.filter(({ status }) => status === "failed").length - denied;
  const open = running && ended.length < parts.length;
  const asks = open && parts.some((part) => !hasEnded(part) && waiting.has(part.id));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms, and the name of a section must be unique
    <div
      role="group"
      className="rounded-xl border border-line text-sm"
      aria-label={strings.toolGroup(parts.length)}
      data-tool-group={parts.length}
    >
      <details className="group/round">
        <summary className="flex min-h-11 list-none items-center gap-2.5 rounded-xl px-3.5 py-2 [&::-webkit-details-marker]:hidden">
          <span
            className={`w-5 shrink-0 text-center font-semibold ${asks ? "text-waiting" : open ? "text-running" : failed > 0 ? "text-bad" : denied > 0 ? "text-muted" : "text-good"}`}
            aria-hidden
          >
            {asks ? "?" : open ? "⚡" : failed + denied > 0 ? "✗" : "✓"}
          </span>
          <span className={summaryText}>
            <span className={summaryTitle}>
              <span className="font-medium">{strings.toolGroup(parts.length)}</span>
              <span className="block truncate text-muted text-xs">{namesOf(parts)}</span>
            </span>
            <span className="text-muted text-xs">
              {ended.length < parts.length && strings.toolGroupState(ended.length, parts.length)}
              {failed > 0 && <span className="text-bad"> {strings.toolGroupFailed(failed)}</span>}
              {asks && <span className="text-waiting"> {strings.waitingForYou}</span>}
              {denied > 0 && ` ${strings.toolGroupDenied(denied)}`}
            </span>
          </span>
          <ChevronRight
            size="1rem"
            className="shrink-0 text-muted transition-transform group-open/round:rotate-90 rtl:-scale-x-100"
            aria-hidden
          />
        </summary>
        <div className="space-y-2 border-line border-t p-2">
          {parts.map((part) => (
            <ToolCard key={part.id} part={part} running={running} waiting={waiting.has(part.id)} />
          ))}
        </div>
      </details>
      {open &&
        parts
          .filter(({ status, id }) => status === "executing" && !waiting.has(id))
          .map((part) => (
            <div key={part.id} className="group-open/round:hidden">
              <Progress part={part} />
            </div>
          ))}
    </div>
  );
}

/** "Search the web ×2, Read a web page" */
function namesOf(parts: readonly ToolPart[]): string {
  const counts = new Map<string, number>();
  for (const { name } of parts) {
    const title = toolTitle(name);
    counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  return [...counts].map(([title, count]) => (count === 1 ? title : `${title} ×${count}`)).join(", ");
}
