import { lazy } from "react";
import { Lazy } from "../components/Lazy";
import type { MarkdownProps } from "./Markdown";

const load = () => import("./Markdown");
const Markdown = lazy(load);

/** Fetches the Markdown renderer ahead of the first answer: while the question is typed. */
export function preloadMarkdown(): void {
  load().catch(() => {}); // asked for again when it is needed
}

/** Markdown, shown as plain text until its renderer is there, and where it cannot be had or fails. */
export function LazyMarkdown(props: MarkdownProps) {
  const plain = (
    <div className="prose whitespace-pre-wrap" dir="auto">
      {props.text}
    </div>
  );
  return (
    <Lazy waiting={plain} missing={plain}>
      <Markdown {...props} />
    </Lazy>
  );
}
