import { describe, expect, it } from "vitest";
import { contentOf, fieldsOf } from "./fields";

const schema = {
  type: "object",
  required: ["city"],
  properties: {
    city: { type: "string", title: "City" },
    nights: { type: "integer", default: 2 },
    breakfast: { type: "boolean" },
    bed: { type: "string", enum: ["single", "double"] },
  },
};

describe("Form of a question", () => {
  it("has a field for each property of the schema", () => {
    expect(fieldsOf(schema).map(({ label, kind, required }) => [label, kind, required])).toEqual([
      ["City", "text", true],
      ["nights", "number", false],
      ["breakfast", "boolean", false],
      ["bed", "choice", false],
    ]);
  });

  it.each([
    [{ a: null }, ["text"]],
    [{ a: true, b: 1, c: [] }, ["text", "text", "text"]],
    [{ a: { type: "array", items: null } }, ["text"]],
    [{ a: { oneOf: [null, { const: "x" }] } }, ["choice"]],
    [
      {
        a: { anyOf: [{ type: "string" }, { type: "null" }] },
        b: { type: ["integer", "null"] },
        c: { oneOf: [{ type: "null" }, { type: "number" }] },
      },
      ["text", "number", "number"],
    ],
  ])("has a field for each property of the odd schema %j", (properties, kinds) => {
    expect(fieldsOf({ properties }).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("leaves out fields that may be null and are by default, and offers no null", () => {
    const fields = fieldsOf({
      properties: {
        name: { anyOf: [{ type: "string" }, { type: "null" }], default: null },
        size: { anyOf: [{ type: "string", enum: ["s", "l"] }, { type: "null" }], default: null },
        bed: { type: ["string", "null"], enum: ["one", null] },
      },
    });

    expect(contentOf(fields, {})).toBe("{}");
    expect(fields.map(({ kind, choices }) => [kind, choices.length])).toEqual([
      ["text", 0],
      ["choice", 2],
      ["choice", 1],
    ]);
  });

  it("returns values of the schema's types and leaves out what is empty", () => {
    expect(JSON.parse(contentOf(fieldsOf(schema), { city: "Kiel", bed: "" }))).toEqual({
      city: "Kiel",
      nights: 2,
      breakfast: false,
    });
  });

  it.each([
    ["9007199254740993", "9007199254740993"],
    ["1.0", "1.0"],
    ["-0.50", "-0.50"],
    ["1e5", "1e5"],
    [".5", "0.5"],
    ["007", "7"],
  ])("returns the number %s as it is typed where that is JSON: %s", (typed, number) => {
    expect(contentOf(fieldsOf({ properties: { n: { type: "number" } } }), { n: typed })).toBe(`{"n":${number}}`);
  });

  it("shows the titles of choices and returns their values, one or several", () => {
    const fields = fieldsOf({
      type: "object",
      properties: {
        bed: { type: "string", oneOf: [{ const: "two", title: "Two beds" }] },
        size: { type: "string", enum: ["s", "l"], enumNames: ["Small", "Large"] },
        views: { type: "array", items: { anyOf: [{ const: "sea", title: "Sea" }] }, default: ["sea"] },
        days: { type: "array", items: { type: "string", enum: ["mo", "tu"] } },
      },
    });

    expect(fields.map(({ kind, choices }) => [kind, choices.map(({ label }) => label)])).toEqual([
      ["choice", ["Two beds"]],
      ["choice", ["Small", "Large"]],
      ["choices", ["Sea"]],
      ["choices", ["mo", "tu"]],
    ]);
    expect(contentOf(fields, { bed: "two", days: ["tu"] })).toBe('{"bed":"two","views":["sea"],"days":["tu"]}');
  });

  it("passes the limits and formats of the schema on to the browser", () => {
    const fields = fieldsOf({
      type: "object",
      properties: {
        nights: { type: "integer", minimum: 1, maximum: 7 },
        mail: { type: "string", format: "email", maxLength: 40 },
        day: { type: "string", format: "date" },
      },
    });

    expect(fields.map(({ kind, limits }) => [kind, limits])).toEqual([
      ["number", { step: 1, min: 1, max: 7 }],
      ["email", { maxLength: 40 }],
      ["date", {}],
    ]);
  });

  it("is empty when the schema is not one of an object", () => {
    expect(fieldsOf({ type: "string" })).toEqual([]);
  });
});
