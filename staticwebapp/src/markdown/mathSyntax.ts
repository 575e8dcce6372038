import { fenceAt, looksLikeMath, withPairs } from "./dollarPairs";

/** A fence ends at its own mark only: code in Markdown that is itself in a fence stays whole. */
const code = /(`{3,})[\s\S]*?(?:\1|$)|(~{3,})[\s\S]*?(?:\2|$)|`[^`\n]+`/g;
/** Unicode's sign for an object in a text: here, for code. */
const codeMark = "\uFFFC";

/** Math with marks around it, up to the end where they are not closed yet. */
const marked = /(?<![\\$])\$\$[\s\S]*?(?:\$\$|$(?![\s\S]))|(?<!\\)\\\[[\s\S]*?(?:\\\]|$(?![\s\S]))/;
/** A formula of LaTeX without marks around it, on lines of its own. */
const environment =
  /(?<=^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)\\begin\{((?:equation|align(?:at|ed|edat)?|gather(?:ed)?|split|r?cases|array|[pbvBV]?matrix|CD)\*?)\}[^\uFFFC]{1,4000}?\\end\{\1\}(?=[ \t]*[.,;]?[ \t]*$)/;
const markedOrEnvironment = new RegExp(`${marked.source}|${environment.source}`, "gm");

/**
 * Rewrites the ways in which models mark math, `\(x\)`, `\[x\]`, `$x$`, `\begin{align}` and `$$x$$` on lines of its own, to the `$$x$$`
 * that the parser reads: inline, or as a block between lines. Dollars count only around something that looks like math,
 * so that prices, and the $$ of a restaurant, stay what they are. Code stays as it is.
 */
export function withDollars(markdown: string): string {
  if (markdown.includes(codeMark)) {
    return markdown;
  }
  const pieces = markdown.match(code) ?? [];
  let index = 0;
  return convert(markdown.replace(code, codeMark)).replaceAll(codeMark, () => pieces[index++] ?? "");
}

/** True when the text may hold math, and the parts that show it are worth loading. */
export function mayHoldMath(markdown: string): boolean {
  return /\$|\\\(|\\\[|\\begin\{/.test(markdown) && withDollars(markdown).includes("$$");
}

/** A formula has a bounded length, because a text full of marks that are never closed would be searched to its end for each of them. */
function convert(text: string): string {
  const fenced = text.replace(markedOrEnvironment, (whole, name: string | undefined, at: number) =>
    name === undefined ? whole : fenceAt(text, at, at + whole.length, whole),
  );
  return byCell(
    withPairs(
      fenced.replace(/(?<!\\)\\\[([^\uFFFC]{1,4000}?)\\\]/g, (whole, math: string, at: number) =>
        isWords(math) ? whole : fenceAt(fenced, at, at + whole.length, math),
      ),
    ),
    withInline,
  );
}

function withInline(text: string): string {
  return text
    .replace(/\\\(([^\n\uFFFC]{1,1000}?)\\\)/g, (whole, math: string) => (isWords(math) ? whole : `$$${math.trim()}$$`))
    .replace(
      /(^|[^$\\\w])\$(?![\s$])((?:\\[^\n\uFFFC]|[^$\\\n\uFFFC])+?)(?<!\s)\$(?![$\d])(?=(\w?))/gm,
      (whole, before: string, math: string, next: string) =>
        looksLikeMath(math, next === "") ? `${before}$$${math}$$` : whole,
    );
}

/** Converts each line of the text, and in a table each of its cells: a formula does not continue in the next one. */
function byCell(text: string, convertPart: (part: string) => string): string {
  if (!text.includes("|")) {
    return convertPart(text);
  }
  const lines = text.split("\n");
  let inTable = false;
  return lines
    .map((line, index) => {
      inTable = (inTable && /[^ \t>]/.test(line)) || isDelimiterRow(lines[index + 1] ?? "");
      return inTable ? line.replace(/(?:\\.|[^|\\])+/g, convertPart) : convertPart(line);
    })
    .join("\n");
}

/** The row below the heads of a table's columns. */
function isDelimiterRow(line: string): boolean {
  return /^[ \t>|:-]+$/.test(line) && line.includes("|") && line.includes("-");
}

/** Whether brackets with a backslash are brackets, as in a letter to `\[Your Name\]`. */
function isWords(text: string): boolean {
  return !/[\\^_{}=]/.test(text) && /\p{L}{4,}|\p{L}{2,} +\p{L}{2,}/u.test(text);
}
