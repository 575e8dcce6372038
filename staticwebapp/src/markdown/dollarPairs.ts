const dollars = /(?<![\\$])\${2,}/g;
const longest = 4000;

/**
 * Gives each `$$x$$` the lines or the place in a line that the parser needs to read all of it: what follows an opening
 * `$$` on its line would be lost otherwise. What is no math, such as "($$)" for a price, is escaped.
 */
export function withPairs(text: string): string {
  let result = "";
  let at = 0;
  for (let open = next(text, 0); open !== undefined; open = next(text, at)) {
    result += text.slice(at, open.index);
    const start = open.index + open.length;
    const isFence = open.length === 2 && isMarker(lineBefore(text, open.index)) && endsLine(text, start);
    const close = open.length === 2 ? next(text, start) : undefined;
    if (isFence && close === undefined) {
      return result + text.slice(open.index); // the rest of it is still being written
    }
    const end = close === undefined ? start : close.index + close.length;
    const shown = close?.length === 2 ? pair(text, open.index, end, isFence) : undefined;
    result += shown ?? "\\$".repeat(open.length);
    at = shown === undefined ? start : end;
  }
  return result + text.slice(at);
}

/** What is shown of the pair from `start` to `end`; undefined for what is no math. */
function pair(text: string, start: number, end: number, isFence: boolean): string | undefined {
  const math = text.slice(start + 2, end - 2);
  if (isFence) {
    return fenceAt(text, start, end, math);
  }
  if (math.length > longest || math.trim() === "" || /\uFFFC|\n[ \t>]*\n|\|[ \t]*\n/.test(math)) {
    return undefined;
  }
  if (isIndent(lineBefore(text, start)) && endsLine(text, end) && (!math.includes("\n") || /[\\^_{}]/.test(math))) {
    return fenceAt(text, start, end, math);
  }
  return looksLikeMath(math.trim()) ? `$$${math.trim().replace(/[ \t]*\n[ \t>]*/g, " ")}$$` : undefined;
}

/** Math as a block in place of the text from `start` to `end`, in the list or quote that its line is in. */
export function fenceAt(text: string, start: number, end: number, math: string): string {
  const before = lineBefore(text, start);
  const indent = (/^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?/.exec(before)?.[0] ?? "").replace(/[^ \t>]/g, " ");
  const first = isMarker(before) ? "" : `\n${indent}`;
  const last = endsLine(text, end) ? "" : `\n${indent}`;
  const edges = indent.includes(">") ? /^[ \t]*\n[ \t>]*|\n[ \t>]*$/g : "";
  return `${first}$$\n${indent}${math.replace(edges, "").trim()}\n${indent}$$${last}`;
}

function next(text: string, from: number): { readonly index: number; readonly length: number } | undefined {
  dollars.lastIndex = from;
  const found = dollars.exec(text);
  return found === null ? undefined : { index: found.index, length: found[0].length };
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf("\n", at) + 1, at);
}

/** Whether nothing else is before it on its line than what continues a list or a quote. */
function isIndent(before: string): boolean {
  return /^[ \t>]*$/.test(before);
}

function isMarker(before: string): boolean {
  return /^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?$/.test(before);
}

function endsLine(text: string, at: number): boolean {
  return /^[ \t]*(?:\n|$)/.test(text.slice(at, at + 100));
}

/** Of one letter, or with something that is rare outside of math; and `f(x)`, `n + 1` or `3.5` where no word continues it. */
export function looksLikeMath(text: string, isWhole = true): boolean {
  return (
    /[\\^_{}=]|^[a-zA-Z]$/.test(text) ||
    (isWhole && /^(?:[-+*/<>|!()[\],.'’:%° ]|[0-9]|[a-zA-Z](?![a-zA-Z])|\b[A-Z]{2,3}\b)+(?<=[\w)\]!'%°|])$/.test(text))
  );
}
