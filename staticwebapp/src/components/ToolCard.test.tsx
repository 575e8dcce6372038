import { render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { ToolPart } from "../chat/toolPart";
import { loadLanguage, strings } from "../i18n/strings";
import { ToolCard } from "./ToolCard";
import { ToolGroup } from "./ToolGroup";

const part: ToolPart = {
  type: "tool",
  id: "c",
  name: "search_web",
  arguments: '{"query":"streams","limit":3}',
  status: "executing",
};

const show = (changes: Partial<ToolPart> = {}, running = true) =>
  render(<ToolCard part={{ ...part, ...changes }} running={running} />).container;

afterEach(() => loadLanguage("en"));

describe("ToolCard", () => {
  it.each([
    ["starting", "⏳", "Starting"],
    ["executing", "⚡", "Running"],
    ["complete", "✓", "Complete"],
    ["failed", "✗", "Failed"],
  ] as const)("shows by symbol and word that a call is %s", (status, symbol, word) => {
    show({ status });

    expect(screen.getByText(symbol)).toBeTruthy();
    expect(screen.getByRole("group", { name: `Tool Search the web: ${word}` })).toBeTruthy();
  });

  it("shows characters that change the direction of text as escapes", () => {
    const card = show({ arguments: JSON.stringify({ query: "a\u202Eb" }) });

    expect(card.querySelector("summary")?.textContent).toContain("a\\u202Eb");
  });

  it.each([
    ['{"to":"bo","to":"eve"}', "bo"],
    ['{"to":"bo","1":"eve"}', "bo"],
  ])("shows the first argument of %s as it is written", (text, first) => {
    expect(show({ arguments: text }).querySelector("summary .truncate")?.textContent).toBe(first);
  });

  it("shows a call as stopped that had not ended when its turn was over", () => {
    show({}, false);

    expect(screen.getByText("Stopped")).toBeTruthy();
  });

  it.each([
    ["deny", "en", "Denied"],
    ["deny", "de", "Abgelehnt"],
    ["expired", "en", "Not approved in time"],
    ["expired", "de", "Nicht rechtzeitig erlaubt"],
  ] as const)("shows why a call did not run that was not approved: %s in %s", async (denied, language, word) => {
    await loadLanguage(language);

    const card = show({ status: "failed", denied, durationMs: 0, result: '{"error":"The call did not run."}' });

    expect(screen.getByText(word).textContent).toBe(word); // without a duration
    expect((await within(card).findByText("The call did not run.")).closest("details")?.textContent).toContain(
      strings.result,
    );
  });

  it("shows that a call waits for the user, in place of its progress, until the turn is over", () => {
    const waits = { ...part, message: "Reading" };
    const { rerender } = render(<ToolCard part={waits} running waiting />);

    expect(screen.getByRole("group", { name: "Tool Search the web: Waiting for you" })).toBeDefined();
    expect(screen.queryByText("Reading")).toBeNull();
    rerender(<ToolCard part={waits} running={false} waiting />);
    expect(screen.getByText("Stopped")).toBeDefined();
    rerender(<ToolCard part={{ ...waits, status: "complete" }} running waiting />);
    expect(screen.getByText("Complete")).toBeDefined();
  });

  it("shows of a group which of its calls wait for the user", () => {
    const parts: readonly ToolPart[] = [part, { ...part, id: "d", message: "Reading" }];
    render(<ToolGroup parts={parts} running waiting={new Set(["d"])} />);

    const group = screen.getByRole("group", { name: "2 tool calls" });
    expect(group.querySelector("summary")?.textContent).toMatch(/^\?.* Waiting for you$/);
    expect([...group.querySelectorAll<HTMLElement>("[data-tool]")].map((each) => each.dataset["status"])).toEqual([
      "executing",
      "waiting",
    ]);
    expect(screen.queryByText("Reading")).toBeNull();
  });

  it("counts calls that were not approved apart from those that failed", () => {
    const parts: readonly ToolPart[] = [
      { ...part, status: "complete" },
      { ...part, id: "d", status: "failed", denied: "deny" },
    ];
    render(<ToolGroup parts={parts} running={false} waiting={new Set()} />);

    const group = screen.getByRole("group", { name: "2 tool calls" });
    expect(group.querySelector("summary")?.textContent).toMatch(/^✗.* 1 not approved$/);
  });

  it("shows a progress bar when the total is known", () => {
    show({ message: "1 of 3 pages read", completed: 1, total: 3 });

    expect(screen.getByRole("progressbar", { name: "1 of 3 pages read" })).toMatchObject({ value: 1, max: 3 });
  });

  it("shows no progress bar when the total is unknown", () => {
    show({ message: "Reading" });

    expect(screen.getByText("Reading")).toBeTruthy();
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  it("shows search results as links, without hostile ones", async () => {
    const results = [
      { title: "<b>One</b>", url: "https://example.com/one", description: "<img src=x onerror=alert(1)>" },
      { title: "Two", url: "javascript:alert(1)" },
    ];
    const drawn = show({ status: "complete", durationMs: 1874, result: JSON.stringify({ results }) });

    await screen.findByText("Result");
    expect([...drawn.querySelectorAll("a")].map((link) => [link.textContent, link.href])).toEqual([
      ["<b>One</b>", "https://example.com/one"],
    ]);
    expect(drawn.querySelector("img")).toBeNull();
    expect(drawn.textContent).toContain("1.9 s");
  });

  it("shows an error as a plain sentence", async () => {
    show({ status: "failed", result: '{"error":"The address is private."}' });

    expect(await screen.findByText("The address is private.")).toBeTruthy();
  });

  it.each([
    ["", "en", "The call has no arguments."],
    ["{}", "de", "Der Aufruf hat keine Argumente."],
  ] as const)(
    "says of a call with arguments like %j that it has none until its result is there: %s",
    async (text, language, said) => {
      await loadLanguage(language);
      const call = { ...part, arguments: text };

      const { rerender } = render(<ToolCard part={call} running />);

      expect(await screen.findByText(said)).toBeDefined();
      rerender(<ToolCard part={{ ...call, status: "complete", result: "Done." }} running />);
      expect(screen.queryByText(said)).toBeNull();
    },
  );

  it.each(["", "{broken", "[1,2]", "null", '"text"', "3"])("survives arguments like %j", async (text) => {
    show({ arguments: text, result: "{}" });

    expect(await screen.findByText("Result")).toBeTruthy();
    expect(screen.getByText("Search the web")).toBeTruthy();
  });

  it.each(["", "{broken", "[]", "null", '"text"', "3", '{"results":[null,1,{"url":5}]}'])(
    "survives a result like %j",
    async (text) => {
      show({ status: "complete", result: text });

      expect(await screen.findByText("Result")).toBeTruthy();
    },
  );
});
