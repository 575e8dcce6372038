import { describe, expect, it } from "vitest";
import type { ToolPart } from "../chat/toolPart";
import { newTurn, type Part } from "../chat/turn";
import type { Source } from "../markdown/SourceChip";
import { cutBy, segmentsOf, sourcesOf } from "./answers";

const tool = (id: string, round: number, changes: Partial<ToolPart> = {}): ToolPart => ({
  type: "tool",
  id,
  name: "search_web",
  arguments: "{}",
  status: "complete",
  round,
  ...changes,
});
const text = (content: string): Part => ({ type: "text", text: content });
const found = (...urls: string[]) => JSON.stringify({ results: urls.map((url) => ({ title: url, url })) });

describe("segmentsOf", () => {
  it("groups the calls of one round", () => {
    const segments = segmentsOf([text("a"), tool("1", 1), tool("2", 1), tool("3", 2), text("b"), tool("4", 2)]);

    expect(segments.map((segment) => (segment.kind === "tools" ? segment.parts.map(({ id }) => id) : "text"))).toEqual([
      "text",
      ["1", "2"],
      ["3"],
      "text",
      ["4"],
    ]);
  });
});

describe("cutBy", () => {
  const call = { phase: "answer", iteration: 1, provider: "p", model: "m", state: "complete" } as const;

  it.each([
    ["length", "length"],
    ["content_filter", "filter"],
    ["stop", undefined],
  ])("knows an answer that ended with %s", (finishReason, cut) => {
    expect(cutBy({ ...newTurn, status: "complete", calls: [{ ...call, finishReason }] })).toBe(cut);
  });

  it("ignores calls of tools, and answers that were not completed", () => {
    const calls = [
      { ...call, finishReason: "stop" },
      { ...call, tool: "research", finishReason: "length" },
    ];
    expect(cutBy({ ...newTurn, status: "complete", calls })).toBeUndefined();
    expect(cutBy({ ...newTurn, status: "failed", calls: [{ ...call, finishReason: "length" }] })).toBeUndefined();
  });
});

describe("sourcesOf", () => {
  const numbersOf = (sources: readonly Source[]) => sources.map(({ number, url }) => [number, new URL(url).host]);
  const counted = (...pages: [number, string][]) =>
    JSON.stringify({ results: pages.map(([n, host]) => ({ n, title: host, url: `https://${host}/` })) });
  const page = (n: number | undefined, host: string) =>
    JSON.stringify({ n, title: host, url: `https://${host}/`, content: "Text." });

  it("numbers a page that was read and the pages of two searches as the server does", () => {
    const sources = sourcesOf([
      tool("1", 1, { result: page(1, "own.example") }),
      tool("2", 2, { result: counted([2, "b.example"], [1, "own.example"], [3, "c.example"]) }),
      tool("3", 3, { result: counted([4, "d.example"], [2, "b.example"]) }),
    ]);

    expect(numbersOf(sources)).toEqual([
      [1, "own.example"],
      [2, "b.example"],
      [3, "c.example"],
      [4, "d.example"],
    ]);
  });

  it("numbers a report and a search over the whole turn", () => {
    const report = JSON.stringify({ answer: "x [2]", sources: [{ n: 2, title: "R", url: "https://r.example/" }] });

    const sources = sourcesOf([tool("1", 1, { result: counted([1, "a.example"]) }), tool("2", 1, { result: report })]);

    expect(numbersOf(sources)).toEqual([
      [1, "a.example"],
      [2, "r.example"],
    ]);
  });

  it("trusts the citations of the turn more than the numbers in a result, and keeps their descriptions", () => {
    const foreign = JSON.stringify([{ n: 1, title: "F", url: "https://foreign.example/" }]);
    const own = JSON.stringify({ results: [{ n: 1, title: "O", url: "https://own.example/", description: "About." }] });

    const sources = sourcesOf(
      [
        tool("1", 1, { result: foreign }),
        tool("2", 1, { result: own }),
        tool("3", 1, { result: found("https://c.example/") }),
      ],
      [{ number: 1, url: "https://own.example/", title: "Own" }],
    );

    expect(sources).toEqual([
      { number: 1, url: "https://own.example/", title: "Own", description: "About." },
      { url: "https://c.example/", title: "https://c.example/", description: undefined },
    ]);
  });

  it("has the citations of a chat that is shared without its tools, except for addresses that must not be opened", () => {
    const cited = [
      { number: 1, url: "javascript:alert(1)", title: "Bad" },
      { number: 2, url: "https://b.example/", title: "" },
    ];

    expect(sourcesOf([], cited)).toEqual([
      { number: 2, url: "https://b.example/", title: "https://b.example/", description: undefined },
    ]);
  });

  it("counts the only list by position where results have no numbers", () => {
    const sources = sourcesOf([
      tool("1", 1, { result: found("https://a.example/", "https://b.example/") }),
      tool("2", 1, { result: page(undefined, "own.example") }),
    ]);

    expect(numbersOf(sources)).toEqual([
      [1, "a.example"],
      [2, "b.example"],
    ]);
  });

  it("counts the only report by position where results have no numbers", () => {
    const report = JSON.stringify({ answer: "x [1]", sources: [{ title: "R", url: "https://r.example/" }] });

    const sources = sourcesOf([
      tool("1", 1, { result: found("https://a.example/") }),
      tool("2", 1, { result: report }),
    ]);

    expect(numbersOf(sources)).toEqual([[1, "r.example"]]);
  });

  it("lists the pages of several searches without numbers once each, without numbers", () => {
    const sources = sourcesOf([
      tool("1", 1, { result: found("https://a.example/", "https://b.example/") }),
      tool("2", 1, { result: found("https://b.example/", "https://c.example/") }),
    ]);

    expect(numbersOf(sources)).toEqual([
      [undefined, "a.example"],
      [undefined, "b.example"],
      [undefined, "c.example"],
    ]);
  });

  it("has none for calls that failed, run, or found nothing", () => {
    expect(
      sourcesOf([
        tool("1", 1, { status: "failed", result: found("https://a.example/") }),
        tool("2", 1, { status: "executing" }),
        tool("3", 1, { result: '{"results":[]}' }),
      ]),
    ).toEqual([]);
  });
});
