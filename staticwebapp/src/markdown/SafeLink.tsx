import type { ReactNode } from "react";
import { hostOf, isMisleading, safeUrl, withoutReordering } from "./links";

/** A link in text from a model or a web page: http(s) or mailto, in a new tab that knows nothing about this page. */
export function SafeLink({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const url = safeUrl(href);
  const text = typeof children === "string" ? withoutReordering(children) : children;
  if (url === undefined) {
    return <span>{text}</span>;
  }
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {text}
      {typeof text === "string" && isMisleading(text, url) && ` (${hostOf(url)})`}
    </a>
  );
}
