import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { useBackToClose } from "../hooks/useBackToClose";
import { useDrop } from "../hooks/useDrop";
import { strings } from "../i18n/strings";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** Called with files that are dropped on the dialog. Without it, they are refused. */
  readonly onFiles?: ((files: readonly File[]) => void) | undefined;
  readonly children: ReactNode;
}

/** A dialog focuses what has the attribute when it opens; React's autoFocus would focus before that, without effect. */
export const focusedByDialog = (element: HTMLElement | null) => element?.setAttribute("autofocus", "");

/**
 * Keeps the caret of the field that has the focus. Chromium returns the focus without it when a dialog is closed and removed: keys type nothing.
 * @returns A function that puts it back, where the field has the focus without a caret.
 */
function keepCaret(): () => void {
  const field = document.activeElement;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || field.selectionStart === null) {
    return () => {};
  }
  const { selectionStart, selectionEnd } = field;
  return () => {
    if (document.activeElement === field && getSelection()?.anchorNode?.contains(field) !== true) {
      field.setSelectionRange(selectionStart, selectionEnd);
    }
  };
}

/** A modal dialog: the browser's own, which keeps the focus inside, closes on Esc, and returns the focus. Back closes it, too. */
export function Dialog({ title, onClose, onFiles, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const pressedOutside = useRef(false);
  const titleId = useId();
  useBackToClose(onClose);
  useLayoutEffect(() => {
    const element = dialog.current;
    const restore = keepCaret();
    element?.showModal();
    return () => {
      element?.close(); // while it is in the document: it returns the focus
      queueMicrotask(restore);
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click outside closes it; for the keyboard the browser has Esc
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className="m-auto max-h-[85dvh] w-[calc(100vw-2rem)] max-w-lg rounded-2xl border border-line bg-surface p-0 text-ink shadow-xl"
      onClose={() => {
        // Not if it is open again: React runs effects twice while the page is developed.
        if (!dialog.current?.open) {
          onClose();
        }
      }}
      onPointerDown={({ target }) => {
        pressedOutside.current = target === dialog.current;
      }}
      onClick={({ target }) => {
        // A selection that begins in a field and ends outside is a click on the dialog, too.
        if (pressedOutside.current && target === dialog.current) {
          dialog.current.close();
        }
      }}
    >
      <FileTarget onFiles={onFiles}>
        <div className="mb-4 flex items-center justify-between">
          <h2 id={titleId} className="min-w-0 hyphens-auto font-semibold text-lg">
            {title}
          </h2>
          <button
            type="button"
            className="icon-button -me-2 shrink-0"
            aria-label={strings.close}
            onClick={() => dialog.current?.close()}
          >
            <X size="1.125rem" aria-hidden />
          </button>
        </div>
        {children}
      </FileTarget>
    </dialog>
  );
}

function FileTarget({ onFiles, children }: Pick<DialogProps, "onFiles" | "children">) {
  const [over, handlers] = useDrop(
    ({ dataTransfer }) => onFiles !== undefined && dataTransfer.types.includes("Files"),
    ({ dataTransfer }) => onFiles?.([...dataTransfer.files]),
  );
  return (
    <div className={`p-5 wrap-break-word ${over ? "bg-accent-soft" : ""}`} {...handlers}>
      {children}
    </div>
  );
}
