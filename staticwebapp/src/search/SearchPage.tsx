import { type FormEvent, useId, useRef, useState } from "react";
import { useStore } from "zustand";
import { searchEvents } from "../api/events";
import { newId } from "../api/ids";
import type { SearchRequest } from "../api/requests";
import { EarlierTurns } from "../components/EarlierTurns";
import { isEnterToSend } from "../components/keys";
import { TurnNote } from "../components/TurnNote";
import { useDraft } from "../hooks/useDraft";
import { useTypeAtOnce } from "../hooks/useTypeAtOnce";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { turnOfTab } from "../turns/turnOfTab";
import { SearchResults } from "./SearchResults";
import { emptySearch, mostQueries, queriesOf, reduceSearch, type SearchView } from "./searchView";

const defaultResults = 5;
const mostResults = 20;

const searchOf = turnOfTab("search", {
  events: searchEvents,
  startWith: (api) => api.startSearch,
  empty: emptySearch,
  reduce: reduceSearch,
});

/** Several web searches at once, with their results as they arrive. */
export default function SearchPage() {
  const services = useServices();
  const [turn] = useState(() => searchOf(services));
  const state = useStore(turn.state);
  const { request } = state;
  const [text, setText] = useDraft("search");
  const [readPages, setReadPages] = useState(request?.include_content ?? false);
  const [results, setResults] = useState(String(request?.max_results ?? defaultResults));
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useTypeAtOnce(field);
  const queries = queriesOf(text);
  const running = state.status === "running";
  const maxResults = Math.min(mostResults, Math.max(1, Math.floor(Number(results)) || defaultResults));

  const start = (event: Pick<FormEvent, "preventDefault">) => {
    event.preventDefault();
    if (queries.length > 0 && queries.length <= mostQueries && !running) {
      setResults(String(maxResults));
      void turn.start({ turn_id: newId(), queries, max_results: maxResults, include_content: readPages });
    }
  };

  return (
    <section className="min-h-0 flex-1 overflow-y-auto px-4" aria-labelledby={`${id}-title`}>
      <div className="mx-auto w-full max-w-3xl space-y-5 pt-6 pb-12">
        <h1 id={`${id}-title`} className="font-semibold text-2xl tracking-tight">
          {strings.searchTitle}
        </h1>
        <form className="space-y-3" onSubmit={start}>
          <label htmlFor={`${id}-queries`} className="block font-medium text-sm">
            {strings.queries}
          </label>
          <textarea
            ref={field}
            id={`${id}-queries`}
            className="field field-sizing-content max-h-60 min-h-20"
            placeholder={strings.queriesPlaceholder}
            aria-describedby={`${id}-hint`}
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => isEnterToSend(event) && start(event)}
          />
          <p id={`${id}-hint`} className="-mt-1 text-muted text-xs">
            {strings.queriesHint}
          </p>
          <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                className="accent-accent"
                checked={readPages}
                onChange={(event) => setReadPages(event.target.checked)}
              />
              {strings.readPages}
            </label>
            <label className="flex items-center gap-2">
              {strings.resultsPerQuery}
              <input
                type="number"
                className="field w-18 py-1"
                min={1}
                max={mostResults}
                value={results}
                onChange={(event) => setResults(event.target.value)}
                onBlur={() => setResults(String(maxResults))}
              />
            </label>
            {running ? (
              <button type="button" className="button ms-auto" onClick={() => void turn.stop()}>
                {strings.stopSearching}
              </button>
            ) : (
              <button
                type="submit"
                className="button button-accent ms-auto"
                disabled={queries.length === 0 || queries.length > mostQueries}
              >
                {strings.searchButton}
              </button>
            )}
          </div>
          {queries.length > mostQueries && (
            <p role="alert" className="text-bad text-sm">
              {strings.tooManyQueries(mostQueries, queries.length)}
            </p>
          )}
        </form>
        <TurnNote turn={state} working={strings.searching} hasModel={false} />
        <SearchResults view={state.view} running={running} failure={state.failure?.message} />
        <EarlierTurns<SearchRequest, SearchView>
          kind="search"
          heading={strings.earlierSearches}
          version={state.status}
          titleOf={({ queries: searched }) => searched.join(" · ")}
          onChosen={(earlier, found) => {
            setText(earlier.queries.join("\n"));
            setReadPages(earlier.include_content);
            setResults(String(earlier.max_results));
            void turn.show(earlier, found);
          }}
        />
      </div>
    </section>
  );
}
