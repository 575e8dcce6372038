import { DropdownMenu } from "radix-ui";
import { type ReactNode, use, useEffect, useRef, useState } from "react";
import { CloseOnRequest } from "./CloseOnRequest";
import { menuClass, RunLater } from "./MenuItem";
import { MenuPortal } from "./MenuPortal";
import { type MenuButton, OpenedByKey } from "./OnDemandMenu";

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
  const content = useRef<HTMLDivElement>(null);
  const openedByKey = useRef(use(OpenedByKey));
  const enter = () => {
    if (openedByKey.current) {
      openedByKey.current = false;
      content.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    }
  };
  return (
    <DropdownMenu.Root modal={false} open={isOpen} onOpenChange={open}>
      <DropdownMenu.Trigger {...button} />
      <MenuPortal part={part}>
        <DropdownMenu.Content
          ref={content}
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
          <Opened onOpened={enter} />
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

/** In the menu, which takes the focus after this effect. */
function Opened({ onOpened }: { readonly onOpened: () => void }) {
  const latest = useRef(onOpened);
  latest.current = onOpened;
  useEffect(() => queueMicrotask(() => latest.current()), []);
  return null;
}

const nothing = () => {};
