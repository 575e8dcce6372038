import type { CitationData } from "../api/events";
import type { ToolPart } from "../chat/toolPart";
import type { Part, TextPart, TurnState } from "../chat/turn";
import { safeUrl } from "../markdown/links";
import type { Source } from "../markdown/SourceChip";
import { numbered, type ResultLink, type ResultView, viewOf } from "./toolResult";

/** A part of an answer as it is drawn: a text, or the tool calls of one round. */
export type Segment =
  | { readonly kind: "text"; readonly index: number; readonly part: TextPart }
  | { readonly kind: "tools"; readonly index: number; readonly parts: readonly ToolPart[] };

export function segmentsOf(parts: readonly Part[]): readonly Segment[] {
  const segments: Segment[] = [];
  let open: ToolPart[] = [];
  parts.forEach((part, index) => {
    if (part.type !== "tool") {
      segments.push({ kind: "text", index, part });
      open = [];
    } else if (open.length > 0 && open[0]?.round === part.round) {
      open.push(part);
    } else {
      open = [part];
      segments.push({ kind: "tools", index, parts: open });
    }
  });
  return segments;
}

/** Why an answer that the server completed is not whole. */
export function cutBy({ status, calls, stoppedBy }: TurnState): "length" | "filter" | undefined {
  if (status !== "complete") {
    return undefined;
  }
  const reason = calls.findLast(({ tool }) => tool === undefined)?.finishReason;
  if (reason === "length" || stoppedBy === "length") {
    return "length";
  }
  return reason === "content_filter" ? "filter" : undefined;
}

const found = new WeakMap<ToolPart, { readonly links: readonly ResultLink[]; readonly kind?: ResultView["kind"] }>();

/**
 * The pages that the tools of an answer found, by the numbers that the server announced. A turn without these events has them in its results, and
 * one that is older still has none: its only list, or only report, is then counted by position.
 */
export function sourcesOf(tools: readonly ToolPart[], cited: readonly CitationData[] = []): readonly Source[] {
  const results = tools.map(linksOf);
  const links = results.flatMap((result) => result.links);
  const announced = cited.flatMap(({ number, url, title }) => {
    const address = safeUrl(url);
    const description = links.find((link) => link.url === address)?.description;
    return address === undefined ? [] : [{ number, url: address, title: title === "" ? address : title, description }];
  });
  const known = announced.length > 0 ? announced : links.filter(({ number }) => number !== undefined);
  if (known.length === 0) {
    return byPosition(results.filter((result) => result.links.length > 0 && result.kind !== "page"));
  }
  const numbers = new Map([...known].reverse().map((link) => [link.number, link])); // the first of a number counts
  const urls = new Set(known.map(({ url }) => url));
  const others = links.filter(({ url, number }) => !urls.has(url) && (number === undefined || !numbers.has(number)));
  return [
    ...[...numbers.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0)),
    ...distinct(others).map(({ number: _, ...link }) => link),
  ];
}

/** The numbers by which the text can cite its sources. */
export function citedNumbers({ parts, cited }: TurnState): ReadonlySet<number> {
  const tools = parts.filter((part) => part.type === "tool");
  return new Set(sourcesOf(tools, cited).flatMap(({ number }) => number ?? []));
}

function byPosition(results: readonly ReturnType<typeof linksOf>[]): readonly Source[] {
  const reports = results.filter(({ kind }) => kind === "report");
  const counted = reports.length === 1 ? reports : results;
  return counted.length === 1 ? numbered(counted[0]?.links ?? []) : distinct(results.flatMap(({ links }) => links));
}

function distinct(links: readonly ResultLink[]): readonly ResultLink[] {
  return [...new Map(links.map((link) => [link.url, link])).values()];
}

function linksOf(part: ToolPart) {
  let result = found.get(part);
  if (result === undefined) {
    const view = part.status === "complete" && part.result !== undefined ? viewOf(part.result) : undefined;
    switch (view?.kind) {
      case "links":
      case "report":
        result = { links: view.links, kind: view.kind };
        break;
      case "page":
        result = { links: [view.link], kind: view.kind };
        break;
      default:
        result = { links: [] };
    }
    found.set(part, result);
  }
  return result;
}
