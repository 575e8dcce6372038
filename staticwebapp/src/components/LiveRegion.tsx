import { useEffect, useRef, useState } from "react";
import type { AssistantNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";

/** Time between two announcements, so that a screen reader finishes one sentence before the next. */
const everyMs = 2000;

/**
 * Announces an answer while it is written, politely and in whole sentences: a region that changed with every word would
 * stutter. An answer that was complete when it was opened is not announced.
 */
export function LiveRegion({ answer }: { readonly answer: AssistantNode | undefined }) {
  const [said, setSaid] = useState({ count: 0, text: "" });
  const latest = useRef(answer);
  latest.current = answer;
  const id = answer?.id;

  useEffect(() => {
    const first = latest.current?.turn;
    if (id === undefined || first === undefined || !isUnfinished(first)) {
      setSaid({ count: 0, text: "" });
      return;
    }
    let left = false;
    let timer: ReturnType<typeof setInterval> | undefined;
    const announce = ({ announcementsOf }: typeof import("./announcement")) => {
      if (left) {
        return;
      }
      let ended = false;
      const spoken = new Set(announcementsOf(first).map(({ key }) => key));
      timer = setInterval(() => {
        const turn = latest.current?.turn;
        if (turn === undefined || ended) {
          clearInterval(timer);
          return;
        }
        const added = announcementsOf(turn).filter(({ key }) => !spoken.has(key));
        if (added.length > 0) {
          for (const { key } of added) {
            spoken.add(key);
          }
          const text = added.map((each) => each.text.trim()).join(" ");
          setSaid(({ count }) => ({ count: count + 1, text }));
        }
        ended = !isUnfinished(turn);
      }, everyMs);
    };
    // Not part of the page's first load.
    import("./announcement").then(announce, () => {});
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [id]);

  return (
    <div className="sr-only" role="status" aria-live="polite">
      {/* A new element, because the same words again would not be a change. */}
      <span key={said.count}>{said.text}</span>
    </div>
  );
}
