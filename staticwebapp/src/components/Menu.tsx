import { DropdownMenu } from "radix-ui";
import { type ReactNode, useRef, useState } from "react";
import { CloseOnRequest } from "./CloseOnRequest";
import { menuClass, RunLater } from "./MenuItem";
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
  const [isOpen, open] = useState(true);
  const chosen = useRef(nothing);
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={open}>
      <DropdownMenu.Trigger {...button} />
      <MenuPortal part={part}>
        <DropdownMenu.Content
          className={className}
          align="start"
          sideOffset={sideOffset}
          collisionPadding={12}
          onCloseAutoFocus={() => {
            queueMicrotask(chosen.current); // the button gets the focus after this call
            chosen.current = nothing;
          }}
        >
          <CloseOnRequest onClose={() => open(false)} />
          <RunLater
            value={(action) => {
              chosen.current = action;
            }}
          >
            {children}
          </RunLater>
        </DropdownMenu.Content>
      </MenuPortal>
    </DropdownMenu.Root>
  );
}

const nothing = () => {};
