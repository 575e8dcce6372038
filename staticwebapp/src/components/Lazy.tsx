import { type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "./ErrorBoundary";

interface LazyProps {
  /** Shown while the part is loaded. */
  readonly fallback?: ReactNode;
  /** Shown when the part could not be loaded. */
  readonly error: ReactNode;
  readonly children: ReactNode;
}

/** For a part of the page that is not in its first load. */
export function Lazy({ fallback = null, error, children }: LazyProps) {
  return (
    <ErrorBoundary fallback={error}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}
