import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

interface StickToEnd {
  /** For the element that scrolls; its first child is watched for growth. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/** Pixels from the end that still count as the end: fractional sizes round. */
const slack = 24;

/**
 * Keeps the end in sight while content grows, until the reader scrolls up; once they are back at the end, it holds
 * again. Only a scroll upwards lets go, since content that grows moves the end away without anyone scrolling.
 */
export function useStickToEnd(resetKey: unknown): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const sticking = useRef(true);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    sticking.current = true;
    setAtEnd(true);
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
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
      if (distance <= slack) {
        sticking.current = true;
      } else if (element.scrollTop < lastTop) {
        sticking.current = false;
      }
      lastTop = element.scrollTop;
      setAtEnd(sticking.current || distance <= slack);
    };
    const onGrowth = () => {
      if (sticking.current) {
        element.scrollTop = element.scrollHeight;
      } else {
        onScroll();
      }
    };
    const observer = new ResizeObserver(onGrowth);
    observer.observe(content);
    observer.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, []);

  return { scroller, atEnd, toEnd };
}
