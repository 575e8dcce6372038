import type { Nodes, Parent, Root, RootContent } from "mdast";

const reference = /\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]/g;

/** Turns `[2]` and `[1, 3]` into references to the answer's sources, where all of them have these numbers. */
export function remarkCitations({ numbers }: { readonly numbers: ReadonlySet<number> }) {
  return (tree: Root) => {
    if (numbers.size > 0) {
      walk(tree, numbers);
    }
  };
}

function walk(node: Nodes, known: ReadonlySet<number>): void {
  if (!("children" in node) || node.type === "link" || node.type === "linkReference") {
    return;
  }
  const parent = node as Parent;
  parent.children = parent.children.flatMap((child) =>
    child.type === "text" ? split(child.value, known) : [child as RootContent],
  );
  for (const child of parent.children) {
    walk(child, known);
  }
}

function split(text: string, known: ReadonlySet<number>): RootContent[] {
  const pieces: RootContent[] = [];
  let end = 0;
  for (const match of text.matchAll(reference)) {
    const numbers = (match[1] ?? "").split(",").map(Number);
    if (!numbers.every((number) => known.has(number))) {
      continue;
    }
    pieces.push({ type: "text", value: text.slice(end, match.index) });
    for (const number of numbers) {
      pieces.push(citation(number));
    }
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
