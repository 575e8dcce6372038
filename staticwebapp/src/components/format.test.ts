import { afterEach, describe, expect, it } from "vitest";
import { loadLanguage } from "../i18n/strings";
import { bytes, duration, firstSentence, money, serverWord } from "./format";

describe("money", () => {
  it.each([
    [0.000312, "0.00031 USD"],
    [0.0183, "0.018 USD"],
    [0, "0 USD"],
    [4.2, "4.2 USD"],
    [1234.567, "1,234.57 USD"],
  ])("shows %d", (value, text) => {
    expect(money(value, "USD")).toBe(text);
  });

  it("shows the number alone without a currency", () => {
    expect(money(1.5, undefined)).toBe("1.5");
  });
});

describe("serverWord", () => {
  afterEach(() => loadLanguage("en"));

  it.each([
    ["page_summary", "Page summary", "Zusammenfassung einer Seite"],
    ["tool_calls", "Tool calls", "Tool-Aufrufe"],
    ["moderate", "Moderate", "Mittel"],
    ["read_map", "Read map", "Read map"],
    ["constructor", "Constructor", "Constructor"],
  ])("shows %s in the language of the page where it has a text", async (word, english, german) => {
    expect(serverWord(word)).toBe(english);
    await loadLanguage("de");
    expect(serverWord(word)).toBe(german);
  });
});

describe("numbers", () => {
  afterEach(() => loadLanguage("en"));

  it("have the decimal mark of the page's language", async () => {
    expect([duration(1_900), bytes(3_100_000)]).toEqual(["1.9 s", "3.1 MB"]);
    await loadLanguage("de");
    expect([duration(1_900), bytes(3_100_000)]).toEqual(["1,9 s", "3,1 MB"]);
  });
});

describe("firstSentence", () => {
  it.each([
    ["It failed. Try again.", "It failed."],
    ["gpt-4.1 failed! Wait.", "gpt-4.1 failed!"],
    ["No end", "No end"],
    ["", ""],
  ])("of %j is %j", (text, first) => {
    expect(firstSentence(text)).toBe(first);
  });
});
