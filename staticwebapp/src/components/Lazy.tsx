import { type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "./ErrorBoundary";

interface LazyProps {
  /** Stands in place of what is on its way. */
  readonly waiting?: ReactNode;
  /** Stands in place of what could not be loaded. */
  readonly missing: ReactNode;
  readonly children: ReactNode;
}

/** For a part of the page that is no part of its first load. */
export function Lazy({ waiting = null, missing, children }: LazyProps) {
  return (
    <ErrorBoundary fallback={missing}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </ErrorBoundary>
  );
}
