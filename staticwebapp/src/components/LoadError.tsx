import { X } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { strings } from "../i18n/strings";
import { isNewerStorage } from "../storage/openStorage";

interface LoadErrorProps {
  /** Why the page did not open, where all of it could not be loaded. */
  readonly error?: unknown;
  /** Closes what was opened, such as a dialog. */
  readonly onClose?: () => void;
}

/** Shown in place of a part of the page that is loaded when first needed, and could not be. */
export function LoadError({ error, onClose }: LoadErrorProps) {
  useEscape(onClose);
  return (
    <div
      role="alert"
      data-load-error
      className="fixed inset-x-4 top-16 z-30 mx-auto flex max-w-md flex-wrap items-center gap-3 rounded-xl border border-line bg-surface p-4 text-sm shadow-lg"
    >
      <p className="flex-1 basis-56">{isNewerStorage(error) ? strings.newerStorage : strings.loadError}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {strings.reload}
      </button>
      {onClose !== undefined && (
        <button type="button" className="icon-button" aria-label={strings.close} onClick={onClose}>
          <X size="1.125rem" aria-hidden />
        </button>
      )}
    </div>
  );
}

function useEscape(onEscape: (() => void) | undefined): void {
  const close = useEffectEvent(() => onEscape?.());
  const isUsed = onEscape !== undefined;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (isUsed && event.key === "Escape" && !event.isComposing) {
        event.preventDefault();
        event.stopPropagation();
        close();
      }
    };
    addEventListener("keydown", onKeyDown, true);
    return () => removeEventListener("keydown", onKeyDown, true);
  }, [isUsed]);
}
