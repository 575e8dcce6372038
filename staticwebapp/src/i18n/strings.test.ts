import { afterEach, describe, expect, it } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { loadLanguage, strings, systemLanguage } from "./strings";

afterEach(() => loadLanguage("en"));

/** Every text with example values in its places, by its key. */
function texts(dictionary: object, path = ""): [string, string][] {
  return Object.entries(dictionary).flatMap(([key, value]): [string, string][] => {
    const name = path === "" ? key : `${path}.${key}`;
    if (typeof value === "function") {
      return [[name, String(value("A", "B"))]];
    }
    return typeof value === "string" ? [[name, value]] : texts(value as object, name);
  });
}

describe("languages", () => {
  it("have the same texts, except for those of the server, and none of them empty", () => {
    const ofServer = /^(failed|serverWords)\./;
    const german = texts(de).map(([key]) => key);

    expect(german.filter((key) => !ofServer.test(key))).toEqual(texts(en).map(([key]) => key));
    expect([...texts(en), ...texts(de)].filter(([, text]) => text.trim() === "")).toEqual([]);
  });

  it("put the same values into their texts", () => {
    const values = (text: string) => [/\bA\b/.test(text), /\bB\b/.test(text)];
    const german = new Map(texts(de));
    const functions = texts(en).filter(([key]) => typeof en[key as keyof typeof en] === "function");

    for (const [key, text] of functions) {
      expect(values(german.get(key) ?? ""), key).toEqual(values(text));
    }
  });

  it("change all texts at once", async () => {
    await loadLanguage("de");

    expect(strings.newChat).toBe("Neuer Chat");
  });

  it.each([
    [["de-AT", "en"], "de"],
    [["fr", "en-GB", "de"], "en"],
    [["fr"], "en"],
    [[], "en"],
  ] as const)("follow a browser that prefers %j", (preferred, language) => {
    expect(systemLanguage(preferred)).toBe(language);
  });
});

it("German texts address the user as du", () => {
  expect(texts(de).filter(([, text]) => /\bIhr|\bIhnen\b|\w+en Sie\b/.test(text))).toEqual([]);
});
