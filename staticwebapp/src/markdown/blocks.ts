const fence = /^ {0,3}(`{3,}|~{3,})/;
/** A line that begins a block of code at the margin: a name in backticks would be text. */
const codeStart = /^(`{3,}(?=[^`]*$)|~{3,})/;
/** A label has at most 999 characters: a text full of brackets that are never closed would be searched to its end for each of them. */
const definition = /^ {0,3}\[[^\]]{1,999}\]:/m;

/**
 * Cuts Markdown into blocks that mean the same alone as together, so that only the last block of a streamed text is
 * parsed again. It cuts where that is certain, before an unindented line that begins a paragraph, heading, or fence
 * after a blank line, and around a fence, and keeps lists, quotes, `<details>`, and everything indented whole. Joined, the blocks are the text.
 */
export function splitBlocks(text: string): readonly string[] {
  if (definition.test(text)) {
    return [text]; // [1]: https://… applies to every block
  }
  const blocks: string[] = [];
  let start = 0;
  let open: string | undefined;
  let isCode = false; // whether the block is a fence and nothing else
  let hasHtml = false; // which ends at a blank line only
  let inMath = false;
  let details = 0;
  let afterBlank = false;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end).trimEnd();
    const isTop = open === undefined && !inMath && details === 0;
    const startsCode = isTop && codeStart.test(line);
    if (
      isTop &&
      at > start &&
      ((afterBlank && beginsBlock(line)) || (startsCode && !hasHtml) || (isCode && line !== ""))
    ) {
      blocks.push(text.slice(start, at));
      start = at;
      hasHtml = false;
    }
    isCode = at === start ? startsCode : isCode;
    hasHtml ||= isTop && /^ {0,3}</.test(line);
    const mark = fence.exec(line)?.[1];
    if (open === undefined) {
      open = inMath ? undefined : mark;
      inMath = count(line, /(?<![\\$])\$\$(?!\$)/g) % 2 === 1 ? !inMath : inMath;
      details = Math.max(0, details + count(line, /^ {0,3}<details>/gi) - count(line, /<\/details>/gi));
    } else if (mark?.startsWith(open) && line.trim() === mark) {
      open = undefined;
    }
    afterBlank = line === "";
    at = end;
  }
  blocks.push(text.slice(start));
  return blocks;
}

/** Code between fences and nothing else, at the margin; its end may be missing. */
export interface FencedCode {
  readonly language: string | undefined;
  readonly code: string;
}

/** The code of a block that is a fence at the margin and nothing else: it needs no parser, which would read all of it again with each word. */
export function fencedCode(block: string): FencedCode | undefined {
  const firstEnd = block.indexOf("\n");
  const first = firstEnd < 0 ? block : block.slice(0, firstEnd);
  const mark = codeStart.exec(first)?.[1];
  if (mark === undefined || /[&\\]/.test(first) || /[\r\0]/.test(block)) {
    return undefined; // no fence, or what only the parser reads
  }
  const lines = firstEnd < 0 ? [] : block.slice(firstEnd + 1).split("\n");
  const end = lines.findIndex((line) => {
    const closing = fence.exec(line)?.[1];
    return closing?.startsWith(mark) === true && line.trim() === closing;
  });
  if (end >= 0 && lines.slice(end + 1).some((line) => line.trim() !== "")) {
    return undefined;
  }
  const code = (end < 0 ? lines : lines.slice(0, end)).join("\n");
  return {
    language: /^[\w+#-]+/.exec(first.slice(mark.length).trim())?.[0],
    code: end < 0 ? code.replace(/\n$/, "") : code,
  };
}

function beginsBlock(line: string): boolean {
  return line !== "" && !/^(\s|[-*+>]|\d+[.)])/.test(line);
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0;
}
