const code = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]+`)/;

/**
 * Rewrites the ways in which models mark math, `\(x\)`, `\[x\]`, `$x$`, and `$$x$$` on a line of its own, to the `$$x$$`
 * that the parser reads: inline, or as a block between lines. A single dollar counts only around something that looks
 * like math, so that prices stay prices. Code stays as it is.
 */
export function withDollars(markdown: string): string {
  return markdown
    .split(code)
    .map((piece, index) => (index % 2 === 1 ? piece : convert(piece)))
    .join("");
}

/** True when the text may hold math, and the parts that show it are worth loading. */
export function mayHoldMath(markdown: string): boolean {
  return /\$|\\\(|\\\[/.test(markdown) && withDollars(markdown).includes("$$");
}

/** A formula has a bounded length, because a text full of marks that are never closed would be searched to its end for each of them. */
function convert(text: string): string {
  return text
    .replace(/\\\[([\s\S]{1,4000}?)\\\]/g, (_, math: string) => `\n$$\n${math.trim()}\n$$\n`)
    .replace(/^([ \t]*)\$\$(?!\$)([^\n]+?)\$\$[ \t]*$/gm, (whole, indent: string, math: string) =>
      math.includes("$$") ? whole : `${indent}$$\n${indent}${math.trim()}\n${indent}$$`,
    )
    .replace(/\\\((.{1,1000}?)\\\)/g, (_, math: string) => `$$${math.trim()}$$`)
    .replace(/(^|[^$\\\w])\$(?![\s$])([^$\n]+?)(?<![\s\\])\$(?![$\d])/g, (whole, before: string, math: string) =>
      /[\\^_{}=]|^[a-zA-Z]$/.test(math) ? `${before}$$${math}$$` : whole,
    );
}
