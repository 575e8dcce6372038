import type { ReactNode } from "react";
import { safeUrl } from "./links";

/** A link out of text that a model or a web page wrote: it opens apart, knows nothing of this page, and is http(s) or mailto. */
export function SafeLink({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const url = safeUrl(href);
  if (url === undefined) {
    return <span>{children}</span>;
  }
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {children}
    </a>
  );
}
