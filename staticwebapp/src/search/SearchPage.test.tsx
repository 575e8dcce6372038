import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { ApiError } from "../api/problem";
import { createChatState } from "../chat/state";
import { loadLanguage, strings } from "../i18n/strings";
import SearchPage from "./SearchPage";

/** What the server does with a search. The turn of the tab, and with it its API, is that of all tests. */
let startSearch: (request: { max_results: number }) => Promise<Response>;
const api = { startSearch: (request: { max_results: number }) => startSearch(request), stopTurn: async () => {} };
const history = { list: async () => [] };
const show = () => render(withServices({ api, history, state: createChatState() }, <SearchPage />));

it("The number of results can be replaced by typing, and is a whole number within limits once it is used", async () => {
  const started: { max_results: number }[] = [];
  startSearch = (request) => {
    started.push(request);
    return Promise.reject(new Error("Not needed."));
  };
  show();
  const results = screen.getByLabelText(strings.resultsPerQuery);
  await userEvent.type(screen.getByLabelText(strings.queries), "tides");

  await userEvent.clear(results);
  await userEvent.type(results, "8");
  expect(results).toHaveProperty("value", "8");
  await userEvent.clear(results);
  await userEvent.type(results, "99.5");
  await userEvent.click(screen.getByRole("button", { name: strings.searchButton }));

  await waitFor(() => expect(started.map(({ max_results }) => max_results)).toEqual([20]));
});

it("A search that failed advises no other model", async () => {
  await loadLanguage("de");
  const failure = new ApiError("The web search failed.", { code: "UPSTREAM_ERROR", status: 424, retryable: false });
  startSearch = () => Promise.reject(failure);
  show();

  await userEvent.type(screen.getByLabelText(strings.queries), "tides{Enter}");

  const note = await screen.findByRole("alert");
  expect([...note.children].map(({ textContent }) => textContent)).toEqual([
    "Ein Dienst, den der Server nutzt, hat einen Fehler gemeldet.",
    "Versuche es erneut.",
    "The web search failed.",
  ]);
});
