import { describe, expect, it } from "vitest";
import type { SearchEvent } from "../api/events";
import { emptySearch, queriesOf, reduceSearch } from "./searchView";

const start: SearchEvent = {
  id: 1,
  type: "search_start",
  data: { turn_id: "t", queries: ["tides", "moon"], max_results: 5 },
};
const page = { url: "https://a.example/", title: "A", description: "", score: 1 };
const started = reduceSearch(emptySearch, start);

describe("reduceSearch", () => {
  it("keeps the queries in the order of the request, whichever ends first", () => {
    const data = { query: "moon", index: 1, count: 1, results: [page] };

    const view = reduceSearch(started, { id: 2, type: "search_result", data });

    expect(view.queries).toEqual([{ query: "tides" }, { query: "moon", pages: [page] }]);
  });

  it("keeps the error of a query next to the results of the others", () => {
    const data = { query: "tides", index: 0, error: "No engine answered." };

    const view = reduceSearch(started, { id: 2, type: "search_error", data });

    expect(view.queries).toEqual([{ query: "tides", error: "No engine answered." }, { query: "moon" }]);
  });

  it("passes over a result for a query that was not asked", () => {
    const data = { query: "mars", index: 7, count: 0, results: [] };

    expect(reduceSearch(started, { id: 2, type: "search_result", data })).toEqual(started);
  });

  it("has the best pages once all have ended", () => {
    const results = [{ ...page, queries: ["tides"] }];

    expect(reduceSearch(started, { id: 2, type: "complete", data: { status: "success", results } }).best).toEqual(
      results,
    );
  });
});

describe("queriesOf", () => {
  it("takes one query a line, without blanks, none twice", () => {
    expect(queriesOf(" tides \n\nmoon\ntides\n")).toEqual(["tides", "moon"]);
  });
});
