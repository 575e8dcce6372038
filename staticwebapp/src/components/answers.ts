import type { ToolPart } from "../chat/toolPart";
import type { Part, TextPart, TurnState } from "../chat/turn";
import type { Source } from "../markdown/SourceChip";
import { viewOf } from "./toolResult";

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

export interface AnswerSources {
  readonly sources: readonly Source[];
  /** True when `[1]` in the text means the first of them: there is one list that the model can have counted. */
  readonly numbered: boolean;
}

const none: AnswerSources = { sources: [], numbered: false };
const known = new WeakMap<ToolPart, { readonly links: readonly Source[]; readonly isReport: boolean }>();

/** The pages that the tools of an answer found. */
export function sourcesOf(tools: readonly ToolPart[]): AnswerSources {
  const lists = tools.map(linksOf).filter(({ links }) => links.length > 0);
  const reports = lists.filter(({ isReport }) => isReport);
  const counted = reports.length === 1 ? reports : lists.length === 1 ? lists : undefined;
  if (counted !== undefined) {
    return { sources: counted[0]?.links ?? [], numbered: true };
  }
  const byUrl = new Map(lists.flatMap(({ links }) => links).map((link) => [link.url, link]));
  return byUrl.size === 0 ? none : { sources: [...byUrl.values()], numbered: false };
}

function linksOf(part: ToolPart) {
  let found = known.get(part);
  if (found === undefined) {
    const view = part.status === "complete" && part.result !== undefined ? viewOf(part.result) : undefined;
    found = {
      links: view?.kind === "links" || view?.kind === "report" ? view.links : [],
      isReport: view?.kind === "report",
    };
    known.set(part, found);
  }
  return found;
}
