/** Gives the keyboard to an element where what had it is gone, or is disabled: some browsers leave it there. */
export function focusIfLost(find: () => HTMLElement | null | undefined): void {
  const { activeElement: active, body } = document;
  if (active === body || active?.matches(":disabled")) {
    find()?.focus();
  }
}
