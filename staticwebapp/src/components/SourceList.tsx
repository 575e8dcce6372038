import { BookOpen } from "lucide-react";
import { usePrinting } from "../hooks/usePrinting";
import { strings } from "../i18n/strings";
import { hostOf } from "../markdown/links";
import { SafeLink } from "../markdown/SafeLink";
import type { Source } from "../markdown/SourceChip";

/** The pages that an answer is based on, as a row that opens to a list. */
export function SourceList({ sources }: { readonly sources: readonly Source[] }) {
  const printing = usePrinting();
  if (sources.length === 0) {
    return null;
  }
  return (
    <details open={printing} className="text-sm" data-sources={sources.length}>
      <summary className="inline-flex min-h-8 max-w-full items-center gap-2 text-muted">
        <BookOpen size="0.9375rem" className="shrink-0" aria-hidden />
        <span className="shrink-0">{strings.sourceCount(sources.length)}</span>
        <span className="truncate text-xs">{[...new Set(sources.map(({ url }) => hostOf(url)))].join(" · ")}</span>
      </summary>
      <ol className="mt-1.5 list-decimal space-y-1.5 ps-6" aria-label={strings.sources}>
        {sources.map(({ number, url, title }, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: the sources of an answer that has ended never change
            key={index}
            value={number}
            className={`min-w-0 marker:text-muted ${number === undefined ? "list-none" : ""}`}
          >
            <span className="text-accent underline-offset-2 [overflow-wrap:anywhere] hover:underline" dir="auto">
              <SafeLink href={url}>{title}</SafeLink>
            </span>{" "}
            <span className="text-muted text-xs">{hostOf(url)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
