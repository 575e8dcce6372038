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

  it("returns values of the schema's types and leaves out what is empty", () => {
    expect(contentOf(fieldsOf(schema), { city: "Kiel", bed: "" })).toEqual({
      city: "Kiel",
      nights: 2,
      breakfast: false,
    });
  });

  it("is empty when the schema is not one of an object", () => {
    expect(fieldsOf({ type: "string" })).toEqual([]);
  });
});
