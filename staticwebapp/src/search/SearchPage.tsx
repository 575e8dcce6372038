import { type FormEvent, useId, useState } from "react";
import { useStore } from "zustand";
import type { ChatApi, SearchRequest } from "../api/client";
import { type SearchEvent, searchEvents } from "../api/events";
import { newId } from "../api/ids";
import { isEnterToSend } from "../components/keys";
import { TurnNote } from "../components/TurnNote";
import { useDraft } from "../hooks/useDraft";
import { useServices } from "../services";
import { keyOf } from "../storage/owner";
import { StandaloneTurn } from "../turns/standaloneTurn";
import { SearchResults } from "./SearchResults";
import { emptySearch, mostQueries, queriesOf, reduceSearch, type SearchView } from "./searchView";

let search: StandaloneTurn<SearchRequest, SearchEvent, SearchView> | undefined;

/** The one of this tab: it outlives the page that shows it. */
function searchOf(api: ChatApi) {
  if (search === undefined) {
    search = new StandaloneTurn({
      api,
      events: searchEvents,
      start: api.startSearch,
      empty: emptySearch,
      reduce: reduceSearch,
      kept: sessionStorage,
      name: keyOf("search"),
    });
    void search.restore();
  }
  return search;
}

/** Several web searches at once, their results as they come. */
export default function SearchPage() {
  const { api } = useServices();
  const [run] = useState(() => searchOf(api));
  const state = useStore(run.state);
  const [text, setText] = useDraft("search");
  const [readPages, setReadPages] = useState(false);
  const [results, setResults] = useState(5);
  const id = useId();
  const queries = queriesOf(text);
  const running = state.status === "running";

  const start = (event: Pick<FormEvent, "preventDefault">) => {
    event.preventDefault();
    if (queries.length > 0 && queries.length <= mostQueries && !running) {
      void run.start({ turn_id: newId(), queries, max_results: results, include_content: readPages });
    }
  };

  return (
    <section className="min-h-0 flex-1 overflow-y-auto px-4" aria-labelledby={`${id}-title`}>
      <div className="mx-auto w-full max-w-3xl space-y-5 pt-6 pb-12">
        <h1 id={`${id}-title`} className="font-semibold text-2xl tracking-tight">
          Search the web
        </h1>
        <form className="space-y-3" onSubmit={start}>
          <label htmlFor={`${id}-queries`} className="block font-medium text-sm">
            Queries, one a line
          </label>
          <textarea
            id={`${id}-queries`}
            className="field field-sizing-content max-h-60 min-h-20"
            placeholder={"how tides work\nwhy the moon is leaving"}
            dir="auto"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => (event.ctrlKey || event.metaKey) && isEnterToSend(event) && start(event)}
          />
          <div className="flex flex-wrap items-center gap-x-5 gap-y-2 text-sm">
            <label className="flex items-center gap-2">
              <input
                type="checkbox"
                className="accent-accent"
                checked={readPages}
                onChange={(event) => setReadPages(event.target.checked)}
              />
              Read the pages
            </label>
            <label className="flex items-center gap-2">
              Results of each
              <input
                type="number"
                className="field w-18 py-1"
                min={1}
                max={20}
                value={results}
                onChange={(event) => setResults(Math.min(20, Math.max(1, event.target.valueAsNumber || 1)))}
              />
            </label>
            {running ? (
              <button type="button" className="button ms-auto" onClick={() => void run.stop()}>
                Stop searching
              </button>
            ) : (
              <button
                type="submit"
                className="button button-accent ms-auto"
                disabled={queries.length === 0 || queries.length > mostQueries}
              >
                Search
              </button>
            )}
          </div>
          {queries.length > mostQueries && (
            <p role="alert" className="text-bad text-sm">
              At most {mostQueries} queries at once; these are {queries.length}.
            </p>
          )}
        </form>
        <TurnNote run={state} working="Searching…" />
        <SearchResults view={state.view} running={running} />
      </div>
    </section>
  );
}
