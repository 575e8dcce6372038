import { Lazy } from "../components/Lazy";
import { onDemand } from "../components/onDemand";
import type { MarkdownProps } from "./Markdown";

const load = () => import("./Markdown");
const Markdown = onDemand(load);

/** Loads the Markdown renderer ahead of the first answer: while the message is typed. */
export function preloadMarkdown(): void {
  load().catch(() => {}); // requested again when it is needed
}

/** Markdown, shown as plain text until its renderer is loaded, and where it is unavailable or fails. */
export function LazyMarkdown(props: MarkdownProps) {
  const plain = (
    <div className="prose whitespace-pre-wrap" dir="auto">
      {props.text}
    </div>
  );
  return (
    <Lazy fallback={plain} error={plain}>
      <Markdown {...props} />
    </Lazy>
  );
}
