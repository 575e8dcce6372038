import { useState } from "react";

interface OnDemand {
  /** True once the button was pressed: what is loaded then takes its place, opened. */
  readonly opened: boolean;
  /** Shows the button again: what takes its place opens each time that it appears. */
  readonly reset: () => void;
  /** For the button that is shown in its place until then. */
  readonly handlers: {
    readonly onPointerEnter: () => void;
    readonly onClick: () => void;
  };
}

/** Loads a control's code when the pointer reaches its button, and shows it when the button is pressed. */
export function useOnDemand(load: () => Promise<unknown>): OnDemand {
  const [opened, open] = useState(false);
  return {
    opened,
    reset: () => open(false),
    handlers: {
      onPointerEnter: () => void load().catch(() => {}), // tried again when it is shown
      onClick: () => open(true),
    },
  };
}
