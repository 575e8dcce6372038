import { describe, expect, it } from "vitest";
import { viewOf, withoutImages } from "./toolResult";

const viewOfJson = (value: unknown) => viewOf(JSON.stringify(value));

describe("viewOf", () => {
  it("shows a page as its text", () => {
    expect(
      viewOfJson({ url: "https://a.example/", title: "A", content_type: "text/html", content: "One\n\ntwo" }),
    ).toEqual({
      kind: "page",
      link: { title: "A", url: "https://a.example/", description: undefined },
      text: "One\n\ntwo",
    });
  });

  it("shows research as a report with its sources", () => {
    const sources = [{ title: "A", url: "https://a.example/" }];

    expect(viewOfJson({ answer: "It rises [1].", sources, failed: [], queries: [] })).toMatchObject({
      kind: "report",
      text: "It rises [1].",
      links: [{ title: "A" }],
    });
  });

  it("shows a script by its result and its console", () => {
    expect(viewOfJson({ result: [1, 2], console: ["log: x"] })).toEqual({
      kind: "script",
      value: { kind: "text", text: "[\n  1,\n  2\n]" },
      console: ["log: x"],
    });
  });

  it("shows the rows that a script returns as a table", () => {
    expect(
      viewOfJson({
        result: [
          { a: 1, b: 2 },
          { a: 3, b: 4 },
        ],
        console: [],
      }),
    ).toMatchObject({
      value: { kind: "table", columns: ["a", "b"] },
    });
  });

  it("shows rows of the same kind as a table", () => {
    expect(
      viewOfJson([
        { a: 1, b: null },
        { a: "x", c: true },
      ]),
    ).toEqual({
      kind: "table",
      columns: ["a", "b", "c"],
      rows: [
        ["1", "", ""],
        ["x", "", "true"],
      ],
    });
  });

  it.each([
    ['{"id":9007199254740993}', { kind: "json", text: '{\n  "id": 9007199254740993\n}' }],
    ['[{"a":1,"a":2},{"a":3,"b":4}]', { kind: "json" }],
    [
      '[{"a":9007199254740993,"b":1.0}, {"a":"x" , "b": null }]',
      {
        rows: [
          ["9007199254740993", "1.0"],
          ["x", ""],
        ],
      },
    ],
    [
      '{"rows":[{"a":1.0,"b":2},{"a":3,"b":4}]}',
      {
        rows: [
          ["1.0", "2"],
          ["3", "4"],
        ],
      },
    ],
    [
      '{"result":1e400,"console":["log: x",9007199254740993]}',
      { kind: "script", value: { kind: "text", text: "1e400" }, console: ["log: x", "9007199254740993"] },
    ],
  ])("shows the numbers and names of %s as they are written", (content, view) => {
    expect(viewOf(content)).toMatchObject(view);
  });

  it("shows a picture as a picture, and SVG as text", () => {
    expect(viewOf("data:image/png;base64,iVBORw0KGgo=").kind).toBe("image");
    expect(viewOf("data:image/svg+xml;base64,PHN2Zy8+").kind).toBe("text");
  });

  it.each([
    [{ error: "No." }, "error"],
    [{ results: [{ url: "https://a.example/" }] }, "links"],
    [{ results: [{ url: "javascript:alert(1)" }] }, "json"],
    [{ url: "javascript:alert(1)", content: "x" }, "json"],
    [[{ a: 1 }], "json"],
    [
      [
        { a: 1, b: 2 },
        { a: { deep: 1 }, b: 2 },
      ],
      "json",
    ],
  ])("shows %j as %s", (value, kind) => {
    expect(viewOfJson(value).kind).toBe(kind);
  });
});

describe("withoutImages", () => {
  const a = `file_${"a".repeat(32)}`;

  it("separates the text from the files, each once", () => {
    expect(withoutImages(`A chart\n\n[image, kept as ${a}]\n\n[image, kept as ${a}]`)).toEqual({
      text: "A chart",
      fileIds: [a],
    });
  });

  it.each(["[image, kept as file_x]", `image, kept as ${a}`, `[image, kept as ../${a}]`])("leaves %s alone", (text) => {
    expect(withoutImages(text)).toEqual({ text, fileIds: [] });
  });
});
