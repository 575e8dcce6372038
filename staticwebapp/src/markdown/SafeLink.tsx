import { Children, cloneElement, isValidElement, type ReactNode } from "react";
import { hostOf, isMisleading, safeUrl, withoutReordering } from "./links";

/** A link in text from a model or a web page: http(s) or mailto, in a new tab that knows nothing about this page. */
export function SafeLink({ href, children }: { readonly href: string | undefined; readonly children: ReactNode }) {
  const url = safeUrl(href);
  const shown = inOrder(children);
  if (url === undefined) {
    return <span>{shown}</span>;
  }
  const text = textOf(shown);
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={url}
      className={/^https?:\S+$/.test(text) ? "address" : undefined}
    >
      {shown}
      {isMisleading(text, url) && ` (${hostOf(url)})`}
    </a>
  );
}

/** The same without marks that reorder text, also inside of what is bold or code. */
function inOrder(node: ReactNode): ReactNode {
  if (typeof node === "string") {
    return withoutReordering(node);
  }
  if (isValidElement<{ children?: ReactNode }>(node)) {
    return node.props.children === undefined ? node : cloneElement(node, {}, inOrder(node.props.children));
  }
  return Array.isArray(node) ? Children.map(node, inOrder) : node;
}

function textOf(node: ReactNode): string {
  if (isValidElement<{ children?: ReactNode }>(node)) {
    return textOf(node.props.children);
  }
  return Array.isArray(node)
    ? node.map(textOf).join("")
    : typeof node === "string" || typeof node === "number"
      ? String(node)
      : "";
}
