import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { menuClass } from "./MenuItem";
import { MenuPortal } from "./MenuPortal";
import type { MenuButton } from "./OnDemandMenu";

interface MenuProps {
  /** The part of the page that it belongs to. */
  readonly part: "main" | "nav";
  readonly button: MenuButton;
  readonly className?: string;
  readonly sideOffset?: number;
  readonly children: ReactNode;
}

/** A menu that is open when it appears. */
export function Menu({ part, button, className = menuClass, sideOffset = 4, children }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger {...button} />
      <MenuPortal part={part}>
        <DropdownMenu.Content className={className} align="start" sideOffset={sideOffset} collisionPadding={12}>
          {children}
        </DropdownMenu.Content>
      </MenuPortal>
    </DropdownMenu.Root>
  );
}
