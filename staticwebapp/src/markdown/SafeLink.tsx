import type { ReactNode } from "react";
import { safeUrl } from "./links";

/** A link in text from a model or a web page: http(s) or mailto, in a new tab that knows nothing about this page. */
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
