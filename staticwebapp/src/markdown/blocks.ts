const fence = /^ {0,3}(`{3,}|~{3,})/;
const definition = /^ {0,3}\[[^\]]+\]:/m;

/**
 * Cuts Markdown into blocks that mean the same alone as together, so that a streamed text is parsed anew only in its
 * last block. It cuts where it is sure to be right, before an unindented line that begins a paragraph, heading or fence
 * after a blank line, and leaves lists, quotes and everything indented whole. Joined, the blocks are the text.
 */
export function splitBlocks(text: string): readonly string[] {
  if (definition.test(text)) {
    return [text]; // [1]: https://… is meant for every block
  }
  const blocks: string[] = [];
  let start = 0;
  let open: string | undefined;
  let inMath = false;
  let afterBlank = false;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end).trimEnd();
    if (open === undefined && !inMath && afterBlank && at > start && beginsBlock(line)) {
      blocks.push(text.slice(start, at));
      start = at;
    }
    const mark = fence.exec(line)?.[1];
    if (open === undefined) {
      open = inMath ? undefined : mark;
      inMath = (line.match(/\$\$/g)?.length ?? 0) % 2 === 1 ? !inMath : inMath;
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
