import { type RefObject, useEffect } from "react";

/** A phone's keyboard would cover what was just opened. */
export const fine = "(pointer: fine)";

/** Gives the keyboard to a field when its page is opened, except on phones. */
export function useTypeAtOnce(field: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (matchMedia(fine).matches) {
      field.current?.focus();
    }
  }, [field]);
}
