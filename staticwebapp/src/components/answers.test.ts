import { describe, expect, it } from "vitest";
import type { ToolPart } from "../chat/toolPart";
import { newTurn, type Part } from "../chat/turn";
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
  it("numbers the pages of the only list", () => {
    const { sources, numbered } = sourcesOf([
      tool("1", 1, { result: found("https://a.example/", "https://b.example/") }),
    ]);

    expect(numbered).toBe(true);
    expect(sources.map(({ url }) => url)).toEqual(["https://a.example/", "https://b.example/"]);
  });

  it("numbers the sources of a report among other lists", () => {
    const report = JSON.stringify({ answer: "x [1]", sources: [{ title: "R", url: "https://r.example/" }] });

    const { sources, numbered } = sourcesOf([
      tool("1", 1, { result: found("https://a.example/") }),
      tool("2", 1, { result: report }),
    ]);

    expect([numbered, sources.map(({ title }) => title)]).toEqual([true, ["R"]]);
  });

  it("lists the pages of several searches once each, without numbers", () => {
    const { sources, numbered } = sourcesOf([
      tool("1", 1, { result: found("https://a.example/", "https://b.example/") }),
      tool("2", 1, { result: found("https://b.example/", "https://c.example/") }),
    ]);

    expect([numbered, sources.length]).toEqual([false, 3]);
  });

  it("has none for calls that failed, run, or found nothing", () => {
    expect(
      sourcesOf([
        tool("1", 1, { status: "failed", result: found("https://a.example/") }),
        tool("2", 1, { status: "executing" }),
        tool("3", 1, { result: '{"results":[]}' }),
      ]).sources,
    ).toEqual([]);
  });
});
