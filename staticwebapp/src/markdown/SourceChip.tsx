import { hostOf } from "./links";
import { SafeLink } from "./SafeLink";

/** A page that an answer is based on. */
export interface Source {
  /** What the text cites it by: 2 is `[2]`. Absent: the text does not cite it. */
  readonly number?: number;
  readonly title: string;
  readonly url: string;
  readonly description?: string | undefined;
}

/** A reference in the text to one of the answer's sources, with a card that says which. */
export function SourceChip({ number, source }: { readonly number: number; readonly source: Source }) {
  return (
    <span className="source-chip">
      <SafeLink href={source.url}>{number}</SafeLink>
      <span className="source-card" aria-hidden>
        <span className="block truncate font-medium text-ink">{source.title}</span>
        <span className="block truncate text-muted text-xs">{hostOf(source.url)}</span>
        {source.description !== undefined && (
          <span className="mt-1 line-clamp-3 text-muted text-xs">{source.description}</span>
        )}
      </span>
    </span>
  );
}
