import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuPortalProps {
  /** The part of the page that the menu belongs to: screen readers find no menu outside of all parts. */
  readonly part: "main" | "nav";
  readonly children: ReactNode;
}

/** Draws a menu over its part of the page, where nothing clips it. */
export function MenuPortal({ part, children }: MenuPortalProps) {
  return <DropdownMenu.Portal container={document.querySelector<HTMLElement>(part)}>{children}</DropdownMenu.Portal>;
}
