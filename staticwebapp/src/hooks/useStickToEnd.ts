import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

interface StickToEnd {
  /** For the element that scrolls; its first child is watched for growth. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
  /** Keeps an element in sight in place of the end, until the reader does something. */
  readonly keep: (element: Element) => void;
}

/** Pixels from the end that still count as the end: fractional sizes round. */
const slack = 24;

/** What a reader scrolls with. */
const hands = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * Keeps the end in sight while content grows, until the reader scrolls up or unfolds something; once they are back at the
 * end, it holds again. Growth alone does not let go, though it moves the end away.
 */
export function useStickToEnd(resetKey: unknown): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const held = useRef<"end" | Element | undefined>("end");
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    held.current = "end";
    setAtEnd(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, []);

  const keep = useCallback((element: Element) => {
    held.current = element;
    element.scrollIntoView({ block: "center" });
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat starts at its end
  useEffect(toEnd, [resetKey]);

  useEffect(() => {
    const element = scroller.current;
    const content = element?.firstElementChild;
    if (!element || !content) {
      return;
    }
    let lastTop = element.scrollTop;
    const onScroll = () => {
      const distance = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (held.current === undefined && distance <= slack) {
        held.current = "end";
      } else if (held.current === "end" && distance > slack && element.scrollTop < lastTop) {
        held.current = undefined;
      }
      lastTop = element.scrollTop;
      setAtEnd(held.current === "end" || distance <= slack);
    };
    const onGrowth = () => {
      if (held.current === "end") {
        element.scrollTop = element.scrollHeight;
        return;
      }
      held.current?.scrollIntoView({ block: "center" });
      onScroll();
    };
    const onHand = ({ type, target }: Event) => {
      const unfolds = type === "pointerdown" || type === "keydown" ? inSummary(target) : false;
      if (held.current !== "end" || unfolds) {
        held.current = undefined; // what is unfolded is to be read where it stands
      }
    };
    const observer = new ResizeObserver(onGrowth);
    observer.observe(content);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    for (const hand of hands) {
      element.addEventListener(hand, onHand, { passive: true });
    }
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
      for (const hand of hands) {
        element.removeEventListener(hand, onHand);
      }
    };
  }, []);

  return { scroller, atEnd, toEnd, keep };
}

function inSummary(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("summary") !== null;
}
