import { type ReactNode, Suspense } from "react";
import { useStore } from "zustand";
import { recoveries } from "../hooks/loading";
import { ErrorBoundary } from "./ErrorBoundary";

interface LazyProps {
  /** Shown while the part is loaded. */
  readonly fallback?: ReactNode;
  /** Shown when the part could not be loaded. */
  readonly error: ReactNode;
  readonly children: ReactNode;
}

/** For a part of the page that is not in its first load. One that could not be loaded appears once it can. */
export function Lazy({ fallback = null, error, children }: LazyProps) {
  const recovered = useStore(recoveries);
  return (
    <ErrorBoundary of={`${recovered}`} fallback={error}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}
