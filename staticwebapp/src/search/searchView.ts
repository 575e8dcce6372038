import type { FoundPage, MergedPage, SearchEvent } from "../api/events";

/** The state of one query. */
export interface QueryView {
  readonly query: string;
  readonly pages?: readonly FoundPage[];
  readonly error?: string;
}

/** What a reader sees of a search: the fold of its events. */
export interface SearchView {
  readonly queries: readonly QueryView[];
  /** The pages over all queries, best first; absent until all have ended. */
  readonly best?: readonly MergedPage[];
}

export const emptySearch: SearchView = { queries: [] };

export function reduceSearch(view: SearchView, event: SearchEvent): SearchView {
  switch (event.type) {
    case "search_start":
      return { queries: event.data.queries.map((query) => ({ query })) };
    case "search_result":
      return withQuery(view, event.data.index, { query: event.data.query, pages: event.data.results });
    case "search_error":
      return withQuery(view, event.data.index, { query: event.data.query, error: event.data.error });
    case "complete":
      return { ...view, best: event.data.results };
    case "error":
      return view;
  }
}

function withQuery(view: SearchView, index: number, query: QueryView): SearchView {
  return index in view.queries ? { ...view, queries: view.queries.with(index, query) } : view;
}

/** The most queries that the server accepts at once. */
export const mostQueries = 10;

/** One query per line, without duplicates. */
export function queriesOf(text: string): readonly string[] {
  return [...new Set(text.split("\n").map((line) => line.trim()))].filter((line) => line !== "");
}
