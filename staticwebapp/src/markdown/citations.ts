import type { Nodes, Parent, Root, RootContent } from "mdast";

const reference = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

/** Turns `[2]` and `[1, 3]` into references to the answer's sources, where it has as many. */
export function remarkCitations({ count }: { readonly count: number }) {
  return (tree: Root) => {
    if (count > 0) {
      walk(tree, count);
    }
  };
}

function walk(node: Nodes, count: number): void {
  if (!("children" in node) || node.type === "link" || node.type === "linkReference") {
    return;
  }
  const parent = node as Parent;
  parent.children = parent.children.flatMap((child) =>
    child.type === "text" ? split(child.value, count) : [child as RootContent],
  );
  for (const child of parent.children) {
    walk(child, count);
  }
}

function split(text: string, count: number): RootContent[] {
  const pieces: RootContent[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    const numbers = (match[1] ?? "").split(",").map(Number);
    if (numbers.some((number) => number < 1 || number > count)) {
      continue;
    }
    pieces.push({ type: "text", value: text.slice(end, match.index) });
    pieces.push(...numbers.map(citation));
    end = match.index + match[0].length;
  }
  return [...pieces, { type: "text", value: text.slice(end) }];
}

function citation(number: number): RootContent {
  return {
    type: "citation",
    data: { hName: "cite", hProperties: { "data-source": number } },
    children: [],
  } as unknown as RootContent;
}
