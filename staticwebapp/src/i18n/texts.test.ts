import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const source = join(import.meta.dirname, "..");
const components = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".tsx") && !name.includes(".test."),
);

/** Words between tags, or in an attribute that users read or hear. Names of products are the same in all languages. */
const text = /(?<!=)>\s*([A-Z][a-z]+[^<>{}=]*)<|\s(?:aria-label|title|placeholder|alt)="([^"]+)"/g;
const products = /^\s*FuncChat\s*$/;

describe("components", () => {
  it.each(components)("%s have no text of their own, which could not be translated", (name) => {
    const found = [...readFileSync(join(source, name), "utf8").matchAll(text)].map(
      (match) => match[1] ?? match[2] ?? "",
    );

    expect(found.filter((each) => !products.test(each))).toEqual([]);
  });
});
