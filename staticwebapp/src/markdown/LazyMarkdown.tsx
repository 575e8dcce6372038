import { lazy, Suspense } from "react";
import type { MarkdownProps } from "./Markdown";

const load = () => import("./Markdown");
const Markdown = lazy(load);

/** Fetches the Markdown renderer ahead of the first answer: while the question is typed. */
export function preloadMarkdown(): void {
  void load();
}

/** Markdown, shown as plain text in the moment until its renderer is there. */
export function LazyMarkdown(props: MarkdownProps) {
  return (
    <Suspense fallback={<div className="prose whitespace-pre-wrap">{props.text}</div>}>
      <Markdown {...props} />
    </Suspense>
  );
}
