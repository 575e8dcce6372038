import type { Break, Nodes, Parent, Root, RootContent, Text } from "mdast";
import { htmlTags } from "./htmlTags";

const token = new RegExp(`<(/?)(${htmlTags})\\s*/?>`, "gi");
const beyondText = /[<>]/;

interface Frame {
  readonly tag: string;
  readonly source: string;
  readonly children: RootContent[];
}

/**
 * Turns the few HTML tags that models write for layout into elements. Everything else that looks like HTML stays text:
 * attributes, other tags, and tags that are not closed.
 */
export function remarkHtmlSubset() {
  return (tree: Root) => transform(tree);
}

function transform(node: Nodes): void {
  if (!("children" in node)) {
    return;
  }
  const parent = node as Parent;
  if (parent.children.some(({ type }) => type === "html")) {
    parent.children = withElements(parent.children as RootContent[]);
  }
  for (const child of parent.children) {
    transform(child);
  }
}

function withElements(children: readonly RootContent[]): RootContent[] {
  const root: Frame = { tag: "", source: "", children: [] };
  const open: Frame[] = [root];
  const top = () => open.at(-1) ?? root;
  const closeTop = () => {
    const frame = open.pop();
    if (frame !== undefined) {
      top().children.push(elementOf(frame));
    }
  };
  for (const child of children) {
    const pieces = child.type === "html" ? piecesOf(child.value) : undefined;
    if (pieces === undefined) {
      top().children.push(child);
      continue;
    }
    for (const piece of pieces) {
      if (piece.tag === undefined) {
        top().children.push(textOf(piece.source));
      } else if (piece.tag === "br") {
        top().children.push({ type: "break" } satisfies Break);
      } else if (!piece.closes) {
        open.push({ tag: piece.tag, source: piece.source, children: [] });
      } else if (top().tag === piece.tag) {
        closeTop();
      } else {
        top().children.push(textOf(piece.source));
      }
    }
  }
  let { children: last } = root;
  for (const frame of open.slice(1)) {
    if (frame.tag === "details") {
      last.push(elementOf(frame)); // an answer that is still being written has not closed its details yet
      last = frame.children;
    } else {
      last.push(textOf(frame.source));
      for (const child of frame.children) {
        last.push(child);
      }
    }
  }
  return root.children;
}

interface Piece {
  readonly source: string;
  readonly tag?: string;
  readonly closes: boolean;
}

/** The tags and the text between them; undefined where anything else is among them. */
function piecesOf(html: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of html.matchAll(token)) {
    pieces.push(...textPieces(html.slice(end, match.index)));
    pieces.push({ source: match[0], tag: match[2]?.toLowerCase() ?? "", closes: match[1] === "/" });
    end = match.index + match[0].length;
  }
  pieces.push(...textPieces(html.slice(end)));
  return end === 0 || pieces.some(({ tag, source }) => tag === undefined && beyondText.test(source))
    ? undefined
    : pieces;
}

function textPieces(source: string): readonly Piece[] {
  return source.trim() === "" ? [] : [{ source, closes: false }];
}

function elementOf({ tag, children }: Frame): RootContent {
  return { type: "htmlSubset", data: { hName: tag }, children } as unknown as RootContent;
}

function textOf(value: string): Text {
  return { type: "text", value };
}
