const codeOf = new WeakMap<Element, string>();

/** Keeps the code of a block that may show only its first lines, or a drawing of it. */
export function keepCode(block: Element | null, code: string): void {
  if (block !== null) {
    codeOf.set(block, code);
  }
}

/** All code of a block, whatever it shows. */
export function wholeCode(block: Element): string | undefined {
  return codeOf.get(block);
}
