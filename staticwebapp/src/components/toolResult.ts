import { inlineImage, safeUrl } from "../markdown/links";
import { asRecord } from "../records";

export interface ResultLink {
  /** What the answer cites it by, counted by the server over the whole turn. */
  readonly number?: number;
  readonly title: string;
  readonly url: string;
  readonly description: string | undefined;
}

/** A tool's result, by how it is best shown. */
export type ResultView =
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "links"; readonly links: readonly ResultLink[] }
  | { readonly kind: "report"; readonly text: string; readonly links: readonly ResultLink[] }
  | { readonly kind: "page"; readonly link: ResultLink; readonly text: string }
  | { readonly kind: "script"; readonly value: ResultView; readonly console: readonly string[] }
  | { readonly kind: "image"; readonly url: string }
  | { readonly kind: "table"; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "text"; readonly text: string };

/** What the server writes into a result for each image that it keeps as a file of the user. */
const imageReference = /\[image, kept as (file_[0-9a-f]{32})\]/g;

/** A result's text without the references to images, and the ids of their files. */
export function withoutImages(content: string): { readonly text: string; readonly fileIds: readonly string[] } {
  const fileIds = [...new Set(Array.from(content.matchAll(imageReference), (match) => match[1] as string))];
  return { text: content.replace(imageReference, "").trim(), fileIds };
}

/** Knows no tool by name: what looks like a list of links is shown as one, whichever tool returned it. */
export function viewOf(content: string): ResultView {
  const image = inlineImage(content.trim());
  if (image !== undefined) {
    return { kind: "image", url: image };
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return { kind: "text", text: content };
  }
  if (typeof value !== "object" || value === null) {
    return { kind: "text", text: typeof value === "string" ? value : content };
  }
  const record = asRecord(value);
  return (
    errorOf(record) ??
    linksOf(record) ??
    pageOf(record) ??
    scriptOf(record) ??
    tableOf(Array.isArray(value) ? value : record["rows"]) ?? { kind: "json", text: JSON.stringify(value, null, 2) }
  );
}

function errorOf({ error }: Record<string, unknown>): ResultView | undefined {
  return typeof error === "string" ? { kind: "error", message: error } : undefined;
}

function linksOf(record: Record<string, unknown>): ResultView | undefined {
  for (const list of [record["sources"], record["results"], record]) {
    const links = Array.isArray(list) ? list.flatMap(toLink) : [];
    if (links.length > 0) {
      const { answer } = record;
      return typeof answer === "string" ? { kind: "report", text: answer, links } : { kind: "links", links };
    }
  }
  return undefined;
}

/** The links with numbers: their own, or their positions where none has one, as in results of other servers and in old chats. */
export function numbered(links: readonly ResultLink[]): readonly ResultLink[] {
  return links.some(({ number }) => number !== undefined)
    ? links
    : links.map((link, index) => ({ ...link, number: index + 1 }));
}

function pageOf(record: Record<string, unknown>): ResultView | undefined {
  const text = [record["content"], record["text"], record["markdown"]].find((each) => typeof each === "string");
  const link = toLink(record)[0];
  return typeof text === "string" && link !== undefined ? { kind: "page", link, text } : undefined;
}

function scriptOf(record: Record<string, unknown>): ResultView | undefined {
  const lines = record["console"];
  if (!("result" in record) || !Array.isArray(lines)) {
    return undefined;
  }
  const { result } = record;
  return {
    kind: "script",
    value: inlineImage(typeof result === "string" ? result : undefined)
      ? { kind: "image", url: String(result) }
      : (tableOf(result) ?? {
          kind: "text",
          text: typeof result === "string" ? result : (JSON.stringify(result, null, 2) ?? ""),
        }),
    console: lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))),
  };
}

const mostColumns = 12;

function tableOf(value: unknown): ResultView | undefined {
  if (!Array.isArray(value) || value.length < 2) {
    return undefined;
  }
  const columns = [...new Set(value.flatMap((row) => (isFlat(row) ? Object.keys(row) : [])))];
  if (columns.length < 2 || columns.length > mostColumns || !value.every(isFlat)) {
    return undefined;
  }
  const cell = (content: unknown) => (content === undefined || content === null ? "" : String(content));
  return { kind: "table", columns, rows: value.map((row) => columns.map((column) => cell(row[column]))) };
}

function isFlat(row: unknown): row is Record<string, unknown> {
  return (
    typeof row === "object" &&
    row !== null &&
    !Array.isArray(row) &&
    Object.values(row).every((content) => typeof content !== "object" || content === null)
  );
}

function toLink(item: unknown): ResultLink[] {
  const { n, title, url, description } = asRecord(item);
  const address = typeof url === "string" ? safeUrl(url) : undefined;
  if (address === undefined) {
    return [];
  }
  return [
    {
      ...(Number.isInteger(n) && Number(n) > 0 ? { number: Number(n) } : {}),
      title: typeof title === "string" && title !== "" ? title : address,
      url: address,
      description: typeof description === "string" ? description : undefined,
    },
  ];
}
