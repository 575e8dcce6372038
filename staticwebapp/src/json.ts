// JSON as it is written. JSON.parse rounds numbers, keeps one value of a repeated name, and moves names that are numbers: what it returns may differ from
// what a server reads.

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Deeper JSON is not indented further: the spaces would be longer than it is. */
const deepest = 50;

/** JSON text over several lines, or the text itself where it is not JSON. */
export function pretty(text: string): string {
  return formatted(text, (depth) => `\n${"  ".repeat(Math.min(depth, deepest))}`, ": ");
}

/** The text that a JSON value is; a value that is no text as JSON on one line. */
export function plain(value: string): string {
  return value.trimStart().startsWith('"') && isJson(value) ? JSON.parse(value) : formatted(value, () => "", ":");
}

/** The names and the values, each as JSON, of the object that a JSON text is; undefined where it is none. */
export function membersOf(text: string): readonly (readonly [name: string, value: string])[] | undefined {
  return partsOf(text, "{")?.map((member) => {
    const name = /"[^"\\]*(?:\\.[^"\\]*)*"/.exec(member)?.[0] ?? "";
    return [JSON.parse(name), member.slice(member.indexOf(":", member.indexOf(name) + name.length) + 1)];
  });
}

/** The items, each as JSON, of the list that a JSON text is; undefined where it is none. */
export function itemsOf(text: string): readonly string[] | undefined {
  return partsOf(text, "[");
}

function partsOf(text: string, opening: "{" | "["): readonly string[] | undefined {
  if (!text.trimStart().startsWith(opening) || !isJson(text)) {
    return undefined;
  }
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(tokens)) {
    depth += nesting(token);
    if (depth === 1 && start === 0) {
      start = index + 1;
    } else if (depth === 0 || (depth === 1 && token === ",")) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return parts.filter((part) => part.trim() !== ""); // an empty list has no item
}

function formatted(text: string, lineBreak: (depth: number) => string, colon: string): string {
  if (!isJson(text)) {
    return text;
  }
  let result = "";
  let depth = 0;
  let before = "";
  for (const [token] of text.matchAll(tokens)) {
    const change = nesting(token);
    depth += Math.min(change, 0);
    if (before === "," || nesting(before) > 0 !== change < 0) {
      result += lineBreak(depth);
    }
    result += token === ":" ? colon : token.startsWith('"') ? JSON.stringify(JSON.parse(token)) : token;
    depth += Math.max(change, 0);
    before = token;
  }
  return result;
}

function nesting(token: string): number {
  return token === "{" || token === "[" ? 1 : token === "}" || token === "]" ? -1 : 0;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
