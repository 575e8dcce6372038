import { type ReactNode, Suspense, useEffect, useEffectEvent } from "react";
import { useBackToClose } from "../hooks/useBackToClose";
import { ErrorBoundary } from "./ErrorBoundary";
import { LoadError } from "./LoadError";

interface LazyDialogProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** For a dialog that is not in the page's first load. Back closes it also before it is loaded. One that could not be loaded opens only when it is asked for again. */
export function LazyDialog({ onClose, children }: LazyDialogProps) {
  return (
    <ErrorBoundary fallback={<LoadError onClose={onClose} />}>
      <Suspense fallback={<Loading onClose={onClose} />}>{children}</Suspense>
    </ErrorBoundary>
  );
}

function Loading({ onClose }: Pick<LazyDialogProps, "onClose">) {
  useBackToClose(onClose);
  useTypedAhead(onClose);
  return null;
}

/** What is typed before the dialog appears goes to its field, and not to the message below. */
function useTypedAhead(onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    let typed = "";
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
        return;
      }
      if (event.key === "Escape") {
        close();
      } else if (event.key === "Backspace") {
        typed = typed.slice(0, -1);
      } else if (event.key.length === 1) {
        typed += event.key;
      } else if (event.key !== "Enter") {
        return; // such as Tab, or F5 where the dialog does not load
      }
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", onKeyDown, true);
    return () => {
      removeEventListener("keydown", onKeyDown, true);
      if (typed !== "") {
        queueMicrotask(() => type(typed)); // the dialog is open then
      }
    };
  }, []);
}

function type(text: string): void {
  const field = document.querySelector<HTMLInputElement>("dialog[open] input[autofocus]");
  field?.setRangeText(text, field.value.length, field.value.length, "end");
  field?.dispatchEvent(new Event("input", { bubbles: true }));
}
