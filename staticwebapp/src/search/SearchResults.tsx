import type { ReactNode } from "react";
import type { FoundPage as FoundPageData, MergedPage } from "../api/events";
import { FoundPage } from "../components/FoundPage";
import { strings } from "../i18n/strings";
import type { QueryView, SearchView } from "./searchView";

/** The best results over all queries come first; the rest is with its query. */
const bestShown = 5;

interface SearchResultsProps {
  readonly view: SearchView;
  readonly running: boolean;
  /** The error of the whole search, which is shown above. */
  readonly failure: string | undefined;
}

/**
 * The results of each query, and, when all have ended, the best over all of them. Text from the web is shown as plain
 * text.
 */
export function SearchResults({ view, running, failure }: SearchResultsProps) {
  const best = view.queries.length > 1 ? view.best : undefined;
  return (
    <div className="space-y-6">
      {best !== undefined && best.length > 0 && <Best pages={best.slice(0, bestShown)} />}
      {view.queries
        .filter(({ error }) => error === undefined || error !== failure)
        .map((query) => (
          <Query key={query.query} view={query} running={running} />
        ))}
    </div>
  );
}

function Best({ pages }: { readonly pages: readonly MergedPage[] }) {
  return (
    <section aria-label={strings.bestResults} className="rounded-2xl border border-line bg-surface p-4">
      <h2 className="mb-3 font-semibold">{strings.bestResults}</h2>
      <ol className="space-y-3">
        {pages.map((page) => (
          <PageItem key={page.url} page={page}>
            <p className="text-muted text-xs">{strings.foundBy(page.queries.join(", "))}</p>
          </PageItem>
        ))}
      </ol>
    </section>
  );
}

function Query({ view, running }: { readonly view: QueryView; readonly running: boolean }) {
  const waits = view.pages === undefined && view.error === undefined;
  return (
    <section aria-label={view.query} aria-busy={waits && running}>
      <h2 className="mb-2 flex items-baseline gap-2 font-semibold" dir="auto">
        <span className="min-w-0 [overflow-wrap:anywhere]">{view.query}</span>
        {view.pages !== undefined && <span className="text-muted text-sm">{view.pages.length}</span>}
      </h2>
      {waits && <p className="text-muted text-sm">{running ? `⚡ ${strings.searching}` : strings.notSearched}</p>}
      {view.error !== undefined && <p className="text-bad text-sm [overflow-wrap:anywhere]">✗ {view.error}</p>}
      {view.pages?.length === 0 && <p className="text-muted text-sm">{strings.nothingFound}</p>}
      <ol className="space-y-3">
        {view.pages?.map((page) => (
          <PageItem key={page.url} page={page}>
            <PageText page={page} />
          </PageItem>
        ))}
      </ol>
    </section>
  );
}

function PageItem({ page, children }: { readonly page: FoundPageData | MergedPage; readonly children: ReactNode }) {
  return (
    <li className="min-w-0">
      <FoundPage url={page.url} title={page.title || page.url} description={page.description} />
      {children}
    </li>
  );
}

function PageText({ page }: { readonly page: FoundPageData }) {
  if (page.content_error) {
    return <p className="text-muted text-xs [overflow-wrap:anywhere]">{strings.notRead(page.content_error)}</p>;
  }
  return page.content ? (
    <details className="mt-1 text-sm">
      <summary className="text-muted">{strings.pageText}</summary>
      <pre
        className="mt-2 max-h-80 overflow-y-auto whitespace-pre-wrap rounded-lg bg-raised p-3 font-sans [overflow-wrap:anywhere]"
        dir="auto"
        tabIndex={0}
      >
        {page.content}
        {page.content_note ? `\n\n${page.content_note}` : ""}
      </pre>
    </details>
  ) : null;
}
