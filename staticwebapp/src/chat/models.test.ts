import { expect, test } from "vitest";
import { findModel, typedModels } from "./models";

const models = [
  { id: "openai:gpt-5", provider: "openai", name: "gpt-5" },
  { id: "demo:scripted", provider: "demo", name: "scripted" },
];

test.each([
  ["openai:gpt-5", "openai:gpt-5"],
  ["openai:gpt-6-preview", "openai:gpt-6-preview"],
  ["openai:org/model:free", "openai:org/model:free"],
  ["demo:other", undefined],
  ["openai:", undefined],
  ["openai:a b", undefined],
  ["gpt-5", undefined],
  [undefined, undefined],
])("finds the model %s", (id, found) => {
  expect(findModel(id, models, ["openai"])?.id).toBe(found);
});

test.each([
  ["gpt-6", ["openai:gpt-6", "groq:gpt-6"]],
  [" groq:llama ", ["groq:llama"]],
  ["openai:gpt-5", []],
  ["gpt-5", ["groq:gpt-5"]],
  ["", []],
  ["two words", []],
])("offers the typed name %j at the providers that accept it", (text, ids) => {
  expect(typedModels(text, models, ["openai", "groq"]).map(({ id }) => id)).toEqual(ids);
});

test("offers no typed name when no provider accepts it", () => {
  expect(typedModels("gpt-6", models, [])).toEqual([]);
});
