import { type RefObject, useLayoutEffect } from "react";

/** Lets a textarea grow with its text in browsers that lack `field-sizing: content`. */
export function useAutosize(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const element = input.current;
    if (element !== null && !globalThis.CSS?.supports?.("field-sizing", "content")) {
      element.style.height = "auto";
      element.style.height = `${element.scrollHeight}px`;
    }
  }, [input, text]);
}
