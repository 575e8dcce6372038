import { strings } from "../i18n/strings";

/**
 * Markdown as it is read out: words without marks, addresses, or the source of code and tables. What a mark encloses is bounded, because a text
 * full of marks that are never closed would be searched to its end for each of them.
 */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\1[`~]*[ \t]*$|$(?![\s\S]))/gm, `${strings.saysCode}\n`)
    .replace(/(?:^[ \t]*\|.*\|[ \t]*(?:\n|$))+/gm, tableText)
    .replace(/!\[([^\]]{0,1000})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/\[([^\]]{1,1000})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/ ?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g, "")
    .replace(/<\/?(?:br|sub|sup|kbd|mark|details|summary)\s*\/?>/gi, " ")
    .replace(/^ {0,3}#{1,6}\s+/gm, "")
    .replace(/^[ \t]*>[ \t]?(?:\[!\w+\]\s*)?/gm, "")
    .replace(/^([ \t]*)[-*+][ \t]+(?:\[[ xX]\][ \t]+)?/gm, "$1")
    .replace(/^ {0,3}(?:[-*_] ?){3,}$/gm, "")
    .replace(/(\*\*|__|~~)(?=\S)([\s\S]{0,1000}?\S)\1/g, "$2")
    .replace(/(^|[^\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, "$1$2")
    .replace(/(^|[^\w_])_(?=\S)([^_\n]*\S)_(?![\w_])/g, "$1$2")
    .replace(/`([^`\n]+)`/g, "$1")
    .replace(/\$\$?|\\[()[\]]/g, "")
    .replace(/[ \t]+/g, " ");
}

function tableText(table: string): string {
  const rows = table
    .trim()
    .split("\n")
    .filter((row) => !/^[\s|:-]+$/.test(row))
    .map((row) =>
      row
        .trim()
        .replace(/^\||\|$/g, "")
        .split("|")
        .map((cell) => cell.trim())
        .join(", "),
    );
  return `${strings.saysTable} ${rows.join(". ")}.\n`;
}
