import { itemsOf, membersOf, plain, pretty } from "../json";
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
    scriptOf(record, content) ??
    tableOf(Array.isArray(value) ? content : memberOf(content, "rows")) ?? { kind: "json", text: pretty(content) }
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

function scriptOf({ result }: Record<string, unknown>, content: string): ResultView | undefined {
  const lines = itemsOf(memberOf(content, "console"));
  if (result === undefined || lines === undefined) {
    return undefined;
  }
  const written = memberOf(content, "result");
  return {
    kind: "script",
    value: inlineImage(typeof result === "string" ? result : undefined)
      ? { kind: "image", url: String(result) }
      : (tableOf(written) ?? { kind: "text", text: typeof result === "string" ? result : pretty(written) }),
    console: lines.map(plain),
  };
}

/** The last value of the name, as JSON, which is the one that JSON.parse reads; empty where there is none. */
function memberOf(object: string, name: string): string {
  return membersOf(object)?.findLast(([each]) => each === name)?.[1] ?? "";
}

const mostColumns = 12;

function tableOf(list: string): ResultView | undefined {
  const items = itemsOf(list) ?? [];
  const rows = items.map(membersOf).filter(isFlat);
  if (rows.length < 2 || rows.length < items.length) {
    return undefined;
  }
  const columns = [...new Set(rows.flatMap((row) => row.map(([name]) => name)))];
  if (columns.length < 2 || columns.length > mostColumns) {
    return undefined;
  }
  const cell = (value = "null") => (value.trim() === "null" ? "" : plain(value));
  return {
    kind: "table",
    columns,
    rows: rows.map((row) => {
      const cells = new Map(row);
      return columns.map((column) => cell(cells.get(column)));
    }),
  };
}

type Members = readonly (readonly [name: string, value: string])[];

/** Whether it is an object that has no lists or objects, and no name twice. */
function isFlat(row: Members | undefined): row is Members {
  return (
    row !== undefined &&
    !row.some(([, value]) => /^\s*[{[]/.test(value)) &&
    new Set(row.map(([name]) => name)).size === row.length
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
