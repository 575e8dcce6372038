import { describe, expect, it } from "vitest";
import { itemsOf, membersOf, plain, pretty } from "./json";

describe("pretty", () => {
  it.each([
    '{"a":[1,{"b":null}],"c":{},"d":[],"e":"x, {y}: \\"z\\" \\\\"}',
    '[ {"a" : true } ,\n[ ] ]',
    '"\\u0061\\ud800"',
    "{}",
    " 1 ",
  ])("has the form of JSON.stringify: %s", (text) => {
    expect(pretty(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
  });

  it.each(["9007199254740993", "1.0", "1e400", "-0", "0.1000000000000000055", "1E2"])(
    "shows %s as it is written",
    (number) => {
      expect(pretty(`{"n":${number}}`)).toBe(`{\n  "n": ${number}\n}`);
    },
  );

  it("shows all values of a repeated name, and names that are numbers in their place", () => {
    expect(pretty('{"to":"bo","2":1,"to":"eve"}')).toBe('{\n  "to": "bo",\n  "2": 1,\n  "to": "eve"\n}');
  });

  it.each(["", "no JSON", '{"a":1', "{a:1}"])("leaves %j alone", (text) => {
    expect(pretty(text)).toBe(text);
  });

  it("does not indent without end", () => {
    const text = `${"[".repeat(5000)}${"]".repeat(5000)}`;

    expect(pretty(text).length).toBeLessThan(1_200_000);
  });
});

describe("membersOf", () => {
  it.each([
    ["{}", []],
    [
      ' { "a" : 1.0 , "b:\\"," : [1, 2], "__proto__": {} } ',
      [
        ["a", "1.0"],
        ['b:",', "[1, 2]"],
        ["__proto__", "{}"],
      ],
    ],
    [
      '{"":"","":{"a":"}"}}',
      [
        ["", '""'],
        ["", '{"a":"}"}'],
      ],
    ],
    ["[]", undefined],
    ["1", undefined],
    ['"{}"', undefined],
    ["{", undefined],
  ])("of %s", (text, members) => {
    expect(membersOf(text)?.map(([name, value]) => [name, value.trim()])).toEqual(members);
  });
});

describe("itemsOf", () => {
  it.each([
    ["[]", []],
    ['[1.0, "a,b", [2, 3], {"a": [4, 5]}]', ["1.0", '"a,b"', "[2, 3]", '{"a": [4, 5]}']],
    ["{}", undefined],
    ["[", undefined],
  ])("of %s", (text, items) => {
    expect(itemsOf(text)?.map((item) => item.trim())).toEqual(items);
  });
});

describe("plain", () => {
  it.each([
    [' "a\\nb" ', "a\nb"],
    ['[ 1.0, {"a": "\\u0062"} ]', '[1.0,{"a":"b"}]'],
    [" 1e400 ", "1e400"],
    ["null", "null"],
  ])("of %s", (value, text) => {
    expect(plain(value)).toBe(text);
  });
});
