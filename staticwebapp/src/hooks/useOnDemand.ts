import { useState } from "react";

interface OnDemand {
  /** True once the pointer or the keyboard has reached the element. */
  readonly wanted: boolean;
  /** True when it was pressed before it was loaded: it then opens at once. */
  readonly pressed: boolean;
  /** For the button that stands in for what is loaded. */
  readonly handlers: {
    readonly onPointerEnter: () => void;
    readonly onPointerDown: () => void;
    readonly onClick: () => void;
  };
}

/** Loads a control's code only when it is about to be used. */
export function useOnDemand(): OnDemand {
  const [wanted, want] = useState(false);
  const [pressed, press] = useState(false);
  const open = () => {
    press(true);
    want(true);
  };
  return {
    wanted,
    pressed,
    handlers: {
      onPointerEnter: () => want(true),
      onPointerDown: open, // the button may be replaced before the click
      onClick: open,
    },
  };
}
