import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SearchResults } from "./SearchResults";

describe("SearchResults", () => {
  it("leaves out the errors of queries that are the error of the whole search", () => {
    const queries = [
      { query: "tides", error: "The search failed." },
      { query: "moon", error: "Too many requests." },
    ];

    render(<SearchResults view={{ queries }} running={false} failure="The search failed." />);

    expect(screen.queryByRole("region", { name: "tides" })).toBeNull();
    expect(screen.getByRole("region", { name: "moon" }).textContent).toContain("Too many requests.");
  });
});
