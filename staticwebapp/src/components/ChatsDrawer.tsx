import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { useBackToClose } from "../hooks/useBackToClose";
import { strings } from "../i18n/strings";

interface ChatsDrawerProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The list of chats over the page, where there is no room next to it. It takes the keyboard, and returns it. Back closes it. */
export function ChatsDrawer({ onClose, children }: ChatsDrawerProps) {
  const drawer = useRef<HTMLDivElement>(null);
  useBackToClose(onClose);
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
      <div ref={drawer} onClickCapture={replaceEntry} className="fixed inset-y-0 start-0 z-20 bg-page shadow-xl">
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

/** The chat that is chosen takes the place of the drawer in the history. */
function replaceEntry(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  if (link.hash !== location.hash) {
    location.replace(link.hash);
  }
}
