import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

interface StickToEnd {
  /** For the element that scrolls; its first child is watched for growth. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
  /** Keeps something else than the end in sight until the reader acts; called now and when the content grows. */
  readonly keep: (show: () => void) => void;
}

/** Pixels from the end that still count as the end: fractional sizes are rounded. */
const slack = 24;

/** What a reader scrolls with. */
const hands = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * Keeps the end in sight while content grows, until the reader scrolls up or unfolds something; back at the end, it
 * holds again. Growth alone does not release it, although it moves the end away.
 */
export function useStickToEnd(resetKey: unknown, from: "start" | "end" = "end"): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const held = useRef<"end" | (() => void) | undefined>(from === "end" ? "end" : undefined);
  const touched = useRef(false);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    held.current = "end";
    touched.current = false;
    setAtEnd(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, []);

  const keep = useCallback((show: () => void) => {
    held.current = show;
    show();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat starts at its end
  useEffect(() => {
    if (from === "end") {
      toEnd();
    }
  }, [resetKey]);

  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) {
      return;
    }
    let [lastTop, lastHeight] = [element.scrollTop, element.scrollHeight];
    const onScroll = () => {
      const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
      // The list itself moves up when rows turn out to be smaller than it estimated, but only while the content changes.
      const byReader = touched.current || element.scrollHeight === lastHeight;
      if (held.current === undefined && distance <= slack) {
        held.current = "end";
        touched.current = false;
      } else if (held.current === "end" && distance > slack && element.scrollTop < lastTop && byReader) {
        held.current = undefined;
      }
      [lastTop, lastHeight] = [element.scrollTop, element.scrollHeight];
      setAtEnd(held.current === "end" || distance <= slack);
    };
    const onGrowth = () => {
      if (held.current === "end") {
        element.scrollTop = element.scrollHeight;
        return;
      }
      held.current?.();
      onScroll();
    };
    // The browser scrolls to where the beginning and the end were expected when the key was pressed.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.target !== element || event.shiftKey || event.altKey) {
        return;
      }
      if (event.key === "End") {
        event.preventDefault();
        toEnd();
      } else if (event.key === "Home") {
        event.preventDefault();
        keep(() => element.scrollTo({ top: 0 }));
      }
    };
    const onHand = ({ type, target }: Event) => {
      touched.current = true;
      const unfolds = type === "pointerdown" || type === "keydown" ? inSummary(target) : false;
      if (held.current !== "end" || unfolds) {
        held.current = undefined; // what is unfolded is read where it is
      }
    };
    const observer = new ResizeObserver(onGrowth);
    observer.observe(content);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    for (const hand of hands) {
      element.addEventListener(hand, onHand, { passive: true });
    }
    element.addEventListener("keydown", onKeyDown); // after the keys that release what is kept
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("keydown", onKeyDown);
      for (const hand of hands) {
        element.removeEventListener(hand, onHand);
      }
    };
  }, [toEnd, keep]);

  return { scroller, atEnd, toEnd, keep };
}

function inSummary(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("summary") !== null;
}
