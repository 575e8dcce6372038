import { safeUrl } from "../markdown/links";

export interface ResultLink {
  readonly title: string;
  readonly url: string;
  readonly description: string | undefined;
}

/** A tool's result, sorted by how it is best shown. */
export type ResultView =
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "links"; readonly links: readonly ResultLink[]; readonly rest: string | undefined }
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "text"; readonly text: string };

/** Knows no tool by name: what looks like a list of links is shown as one, whichever tool it came from. */
export function viewOf(content: string): ResultView {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return { kind: "text", text: content };
  }
  if (typeof value !== "object" || value === null) {
    return { kind: "text", text: typeof value === "string" ? value : content };
  }
  const record = value as Record<string, unknown>;
  if (typeof record["error"] === "string") {
    return { kind: "error", message: record["error"] };
  }
  for (const list of [record["results"], record["sources"], value]) {
    const links = Array.isArray(list) ? list.flatMap(toLink) : [];
    if (links.length > 0) {
      return { kind: "links", links, rest: JSON.stringify(value, null, 2) };
    }
  }
  return { kind: "json", text: JSON.stringify(value, null, 2) };
}

function toLink(item: unknown): ResultLink[] {
  const { title, url, description } = (item ?? {}) as Record<string, unknown>;
  const address = typeof url === "string" ? safeUrl(url) : undefined;
  if (address === undefined) {
    return [];
  }
  return [
    {
      title: typeof title === "string" && title !== "" ? title : address,
      url: address,
      description: typeof description === "string" ? description : undefined,
    },
  ];
}
