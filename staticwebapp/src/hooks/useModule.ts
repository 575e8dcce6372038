import { useEffect, useReducer } from "react";
import { loadPersistently } from "./loading";

const loaded = new Map<() => Promise<unknown>, unknown>();

/**
 * A module that is loaded when it is first wanted, and undefined until then. Once loaded, it is there the first time that a
 * component is drawn: a message that is printed is drawn only once.
 * @param load The same function each time.
 */
export function useModule<Module>(load: () => Promise<Module>, wanted: boolean): Module | undefined {
  const [, onLoaded] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (wanted && !loaded.has(load)) {
      void loadPersistently(load).then(
        (module) => {
          loaded.set(load, module);
          onLoaded();
        },
        () => {}, // what it would improve is readable without it
      );
    }
  }, [load, wanted]);
  return wanted ? (loaded.get(load) as Module | undefined) : undefined;
}
