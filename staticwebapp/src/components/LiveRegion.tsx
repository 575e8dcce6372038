import { useEffect, useRef, useState } from "react";
import type { AssistantNode } from "../chat/tree";
import { announcementOf } from "./announcement";

/** Time between two announcements, so that a screen reader finishes one sentence before the next. */
const everyMs = 2000;

/**
 * Announces an answer while it is written, politely and in whole sentences: a region that changed with every word would
 * stutter. An answer that was complete when it was opened is not announced.
 */
export function LiveRegion({ answer }: { readonly answer: AssistantNode | undefined }) {
  const [said, setSaid] = useState("");
  const latest = useRef(answer);
  latest.current = answer;
  const id = answer?.id;

  useEffect(() => {
    let spoken =
      id === undefined || latest.current === undefined ? undefined : announcementOf(latest.current.turn).length;
    let ended = latest.current?.turn.status !== "pending" && latest.current?.turn.status !== "running";
    if (ended || spoken === undefined) {
      setSaid("");
      return;
    }
    const timer = setInterval(() => {
      const turn = latest.current?.turn;
      if (turn === undefined || ended) {
        clearInterval(timer);
        return;
      }
      const all = announcementOf(turn);
      if (all.length > (spoken ?? 0)) {
        setSaid(all.slice(spoken));
        spoken = all.length;
      }
      ended = turn.status !== "pending" && turn.status !== "running";
    }, everyMs);
    return () => clearInterval(timer);
  }, [id]);

  return (
    <div className="sr-only" role="status" aria-live="polite">
      {said}
    </div>
  );
}
