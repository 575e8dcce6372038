import type { ReactNode } from "react";
import { useBackToClose } from "../hooks/useBackToClose";
import { Lazy } from "./Lazy";
import { LoadError } from "./LoadError";

interface LazyDialogProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** For a dialog that is not in the page's first load. Back closes it also before it is loaded. */
export function LazyDialog({ onClose, children }: LazyDialogProps) {
  return (
    <Lazy fallback={<Loading onClose={onClose} />} error={<LoadError />}>
      {children}
    </Lazy>
  );
}

function Loading({ onClose }: Pick<LazyDialogProps, "onClose">) {
  useBackToClose(onClose);
  return null;
}
