const fence = /^ {0,3}(`{3,}|~{3,})/;
/** A label has at most 999 characters: a text full of brackets that are never closed would be searched to its end for each of them. */
const definition = /^ {0,3}\[[^\]]{1,999}\]:/m;

/**
 * Cuts Markdown into blocks that mean the same alone as together, so that only the last block of a streamed text is
 * parsed again. It cuts where that is certain, before an unindented line that begins a paragraph, heading, or fence
 * after a blank line, and keeps lists, quotes, `<details>`, and everything indented whole. Joined, the blocks are the text.
 */
export function splitBlocks(text: string): readonly string[] {
  if (definition.test(text)) {
    return [text]; // [1]: https://… applies to every block
  }
  const blocks: string[] = [];
  let start = 0;
  let open: string | undefined;
  let inMath = false;
  let details = 0;
  let afterBlank = false;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end).trimEnd();
    if (open === undefined && !inMath && details === 0 && afterBlank && at > start && beginsBlock(line)) {
      blocks.push(text.slice(start, at));
      start = at;
    }
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

function beginsBlock(line: string): boolean {
  return line !== "" && !/^(\s|[-*+>]|\d+[.)])/.test(line);
}

function count(line: string, pattern: RegExp): number {
  return line.match(pattern)?.length ?? 0;
}
