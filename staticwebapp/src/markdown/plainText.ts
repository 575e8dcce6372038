import { strings } from "../i18n/strings";
import { htmlTags } from "./htmlTags";
import { withDollars } from "./mathSyntax";

const tag = new RegExp(`</?(?:${htmlTags})\\s*/?>`, "gi");
/** Not asterisks next to a digit within a word, which multiply. */
const strong = /(?<![\w)](?=\*+\d)|\d(?=\*+[\w(]))(\*\*|__|~~)(?=\S)([\s\S]{0,1000}?\S)\1/g;

/**
 * Markdown as it is read out: words without marks, addresses, or the source of code and tables. What a mark encloses is bounded, because a text
 * full of marks that are never closed would be searched to its end for each of them.
 * @param cited The numbers of the sources: a reference to one of them is not read.
 */
export function plainText(markdown: string, cited: ReadonlySet<number> = new Set()): string {
  const codes: string[] = [];
  const text = markdown
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\1[`~]*[ \t]*$|$(?![\s\S]))/gm, `${strings.saysCode}\n`)
    // Nothing in code is a mark.
    .replace(/`([^`\n]+)`/g, (_, code: string) => `\uE000${codes.push(code) - 1}\uE001`)
    .replace(/(?:^[ \t]*\|.*\|[ \t]*(?:\n|$))+/gm, tableText);
  return withDollars(text)
    .replace(/!\[([^\]]{0,1000})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/\[([^\]]{1,1000})\]\([^)]{0,2000}\)/g, "$1")
    .replace(/ ?\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g, (whole, numbers: string) =>
      numbers.split(",").every((number) => cited.has(Number(number))) ? "" : whole,
    )
    .replace(tag, " ")
    .replace(/^ {0,3}#{1,6}\s+/gm, "")
    .replace(/^[ \t]*>[ \t]?(?:\[!\w+\]\s*)?/gm, "")
    .replace(/^([ \t]*)[-*+][ \t]+(?:\[[ xX]\][ \t]+)?/gm, "$1")
    .replace(/^ {0,3}(?:[-*_] ?){3,}$/gm, "")
    .replace(strong, "$2")
    .replace(/(^|[^\w*])\*(?=\S)([^*\n]*\S)\*(?![\w*])/g, "$1$2")
    .replace(/(^|[^\w_])_(?=\S)([^_\n]*\S)_(?![\w_])/g, "$1$2")
    .replace(/\$\$([\s\S]{1,4000}?)\$\$/g, "$1")
    .replace(/\\[()[\]]/g, "")
    .replace(/\\\$/g, "$")
    .replace(/\uE000(\d+)\uE001/g, (whole, index: string) => codes[Number(index)] ?? whole)
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
