import { type ComponentType, lazy } from "react";
import { loadAgain, recoveries } from "../hooks/loading";

/** What makes the parts that could not be loaded load again. */
const failed = new Set<() => void>();

/** The parts that could not be loaded are loaded again where they are next wanted. */
export function renewFailed(): void {
  for (const renew of failed) {
    renew();
  }
  failed.clear();
}

/**
 * A component that is loaded when it is first wanted. React's `lazy` keeps a failure for good: here, the part is loaded again when it is wanted
 * after an ErrorBoundary has shown the failure, and in the background.
 */
export function onDemand<Props extends object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): ComponentType<Props> {
  const begin = () =>
    lazy<ComponentType<Props>>(async () => {
      try {
        return await load();
      } catch (error) {
        failed.add(renew);
        void recover();
        throw error;
      }
    });
  let Part = begin();
  const renew = () => {
    Part = begin();
  };
  const recover = () =>
    loadAgain(load).then(
      () => {
        renew();
        recoveries.setState((count) => count + 1, true);
      },
      () => {}, // it is loaded again where it is next wanted
    );
  return function OnDemand(props: Props) {
    return <Part {...props} />;
  };
}
