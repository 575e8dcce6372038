import { type ReactNode, useEffect, useRef } from "react";
import { strings } from "../i18n/strings";

interface ChatsDrawerProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The list of chats over the page, where there is no room next to it. It takes the keyboard, and returns it. */
export function ChatsDrawer({ onClose, children }: ChatsDrawerProps) {
  const drawer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    drawer.current?.querySelector("button")?.focus();
    return () => {
      if (opener instanceof HTMLElement) {
        opener.focus();
      }
    };
  }, []);
  return (
    <>
      <div ref={drawer} className="fixed inset-y-0 start-0 z-20 bg-page shadow-xl">
        {children}
      </div>
      <button
        type="button"
        className="fixed inset-0 z-10 bg-black/40"
        aria-label={strings.hideChats}
        onClick={onClose}
      />
    </>
  );
}
