import { type FocusEvent, type PointerEvent, useCallback, useRef } from "react";
import { hostOf, withoutReordering } from "./links";
import { SafeLink } from "./SafeLink";

/** A page that an answer is based on. */
export interface Source {
  /** What the text cites it by: 2 is `[2]`. Absent: the text does not cite it. */
  readonly number?: number;
  readonly title: string;
  readonly url: string;
  readonly description?: string | undefined;
}

/** Pixels between a card and its number, and between a card and the edge of the window. */
const gap = 6;
const edge = 8;

/** A reference in the text to one of the answer's sources, with a card that says which. */
export function SourceChip({ number, source }: { readonly number: number; readonly source: Source }) {
  const card = useRef<HTMLSpanElement>(null);
  const hide = useCallback(() => card.current?.togglePopover?.(false), []);
  const showAt = (chip: Element) => {
    card.current?.togglePopover?.(true);
    place(card.current, chip.getBoundingClientRect());
    addEventListener("scroll", hide, { capture: true, once: true, passive: true }); // the card does not move with the text
  };
  const onPointerEnter = ({ currentTarget }: PointerEvent) => showAt(currentTarget);
  // After the page has scrolled to it.
  const onFocus = ({ currentTarget }: FocusEvent) =>
    requestAnimationFrame(() => {
      if (currentTarget.contains(document.activeElement)) {
        showAt(currentTarget);
      }
    });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the card only shows more about the link
    <span className="source-chip" onPointerEnter={onPointerEnter} onPointerLeave={hide} onFocus={onFocus} onBlur={hide}>
      <SafeLink href={source.url}>{number}</SafeLink>
      {/* Above everything else, so that no table cuts it. */}
      <span ref={card} className="source-card" popover="manual" aria-hidden>
        <span className="block truncate font-medium text-ink" dir="auto">
          {withoutReordering(source.title)}
        </span>
        <span className="block truncate text-muted text-xs">{hostOf(source.url)}</span>
        {source.description !== undefined && (
          <span className="mt-1 line-clamp-3 text-muted text-xs" dir="auto">
            {withoutReordering(source.description)}
          </span>
        )}
      </span>
    </span>
  );
}

/** Shows a card above its number, or below where there is no room, within the window. */
function place(card: HTMLElement | null, number: DOMRect): void {
  if (card === null) {
    return;
  }
  const rightmost = document.documentElement.clientWidth - edge - card.offsetWidth;
  const above = number.top - gap - card.offsetHeight;
  card.style.left = `${Math.max(edge, Math.min(number.left, rightmost))}px`;
  card.style.top = `${above >= edge ? above : number.bottom + gap}px`;
}
