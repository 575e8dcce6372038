import { type ComponentProps, createContext, type ReactNode, useEffect, useEffectEvent, useState } from "react";
import { offerReload } from "../hooks/loading";
import { Lazy } from "./Lazy";

/** The button of a menu. */
export type MenuButton = Pick<ComponentProps<"button">, "className" | "aria-label" | "title" | "children">;

/** The class of a button in the list of chats, which is shown with the line that it belongs to. */
export const lineButtonClass =
  "icon-button opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 [@media(hover:none)]:opacity-100";

interface OnDemandMenuProps {
  /** Loads the code of the menu: when the pointer reaches the button, and else when it is pressed. */
  readonly load: () => Promise<unknown>;
  readonly button: MenuButton;
  /** Drawn while the menu is loaded. */
  readonly loading?: ReactNode;
  /** The menu, with the same button. It opens when it appears. */
  readonly children: ReactNode;
}

/** Whether a key has opened the menu, which it has not heard itself: it was not loaded. */
export const OpenedByKey = createContext(false);

/** A button that opens a menu, which is loaded when it is about to be used. */
export function OnDemandMenu({ load, button, loading, children }: OnDemandMenuProps) {
  const [opened, open] = useState<"key" | "pointer">();
  const preload = () => void load().catch(() => {}); // tried again when it is shown
  const closed = (
    <button
      type="button"
      {...button}
      onPointerEnter={preload}
      onClick={({ detail }) => open(detail === 0 ? "key" : "pointer")}
    />
  );
  return opened === undefined ? (
    closed
  ) : (
    <OpenedByKey value={opened === "key"}>
      <Lazy
        fallback={
          <>
            {loading}
            {closed}
          </>
        }
        error={<Failed onFailed={() => open(undefined)}>{closed}</Failed>}
      >
        {children}
      </Lazy>
    </OpenedByKey>
  );
}

/** The button remains where the menu can't be loaded: pressed again, it is requested again. */
function Failed({ onFailed, children }: { readonly onFailed: () => void; readonly children: ReactNode }) {
  const failed = useEffectEvent(onFailed);
  useEffect(() => {
    offerReload();
    failed();
  }, []);
  return children;
}
