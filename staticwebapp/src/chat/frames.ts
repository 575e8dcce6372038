/** Runs a function once, soon: with the next frame, or on a timer while the page is hidden and draws no frames. */
export type Schedule = (flush: () => void) => void;

export const withNextFrame: Schedule = (flush) => {
  if (typeof document === "undefined" || document.hidden) {
    setTimeout(flush, 100);
    return;
  }
  let done = false;
  const once = () => {
    if (!done) {
      done = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      flush();
    }
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 250); // the page may be hidden before the frame comes
};
