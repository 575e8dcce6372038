import { useStore } from "zustand";
import { useModule } from "../hooks/useModule";
import { toastsWanted } from "../toast";

const load = () => import("./Toasts");

/** Where toasts appear, loaded when the first one is asked for. */
export function LazyToasts() {
  const Toasts = useModule(load, useStore(toastsWanted))?.Toasts;
  return Toasts === undefined ? null : <Toasts />;
}
