import type { Blockquote, Nodes, Root } from "mdast";

const mark = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?/i;

/** Marks quotes that begin with `[!NOTE]` and the like, as GitHub writes them. */
export function remarkCallouts() {
  return (tree: Root) => walk(tree);
}

function walk(node: Nodes): void {
  if (node.type === "blockquote") {
    markCallout(node);
  }
  if ("children" in node) {
    node.children.forEach(walk);
  }
}

function markCallout(quote: Blockquote): void {
  const paragraph = quote.children[0];
  const text = paragraph?.type === "paragraph" ? paragraph.children[0] : undefined;
  const kind = text?.type === "text" ? mark.exec(text.value) : null;
  if (paragraph?.type !== "paragraph" || text?.type !== "text" || kind === null) {
    return;
  }
  text.value = text.value.slice(kind[0].length);
  if (text.value === "" && paragraph.children.length === 1) {
    quote.children.shift();
  }
  quote.data = { hProperties: { "data-callout": kind[1]?.toLowerCase() ?? "note" } };
}
