import { BookOpen } from "lucide-react";
import { strings } from "../i18n/strings";
import { hostOf } from "../markdown/links";
import { SafeLink } from "../markdown/SafeLink";
import type { AnswerSources } from "./answers";

/** The pages that an answer is based on, as a row that opens to a list. */
export function SourceList({ sources, numbered }: AnswerSources) {
  if (sources.length === 0) {
    return null;
  }
  return (
    <details className="text-sm" data-sources={sources.length}>
      <summary className="inline-flex min-h-8 max-w-full items-center gap-2 text-muted">
        <BookOpen size={15} className="shrink-0" aria-hidden />
        <span className="shrink-0">{strings.sourceCount(sources.length)}</span>
        <span className="truncate text-xs">{[...new Set(sources.map(({ url }) => hostOf(url)))].join(" · ")}</span>
      </summary>
      <ol className={`mt-1.5 space-y-1.5 ${numbered ? "list-decimal ps-6" : "ps-1"}`} aria-label={strings.sources}>
        {sources.map(({ url, title }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: numbers are what the text refers to
          <li key={index} className="min-w-0 marker:text-muted">
            <span className="text-accent underline-offset-2 [overflow-wrap:anywhere] hover:underline">
              <SafeLink href={url}>{title}</SafeLink>
            </span>{" "}
            <span className="text-muted text-xs">{hostOf(url)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
