import { type RefObject, useLayoutEffect, useRef } from "react";
import { fine } from "../hooks/useTypeAtOnce";

/**
 * Passes the keyboard on when the card of a request goes away: to the next card or the message where the user has answered by a button.
 * Where the user was typing, or has not answered, it stays in the answer: the rest of what is typed should not become a message.
 */
export function usePassedKeyboard(card: RefObject<HTMLElement | null>, answered: boolean): void {
  const latest = useRef(answered);
  latest.current = answered;
  // A button loses the keyboard when it is disabled. If the answer does not get through, Esc would then stop the turn, with all that was typed.
  useLayoutEffect(() => {
    const { activeElement: active, body } = document;
    if (answered && (active === body || (active?.matches("button") && card.current?.contains(active)))) {
      card.current?.focus({ preventScroll: true });
    }
  }, [card, answered]);
  // Before the card leaves the document, while it still has the keyboard.
  useLayoutEffect(() => {
    const left = card.current;
    return () => {
      if (left !== null) {
        pass(left, latest.current);
      }
    };
  }, [card]);
}

function pass(card: HTMLElement, answered: boolean): void {
  const { activeElement: active, body } = document;
  const answer = card.closest("article");
  const isInside = card.contains(active);
  if (isInside && (!answered || active?.matches("input, select, textarea"))) {
    if (answer !== null) {
      answer.tabIndex = -1;
      answer.focus({ preventScroll: true });
    }
  } else if (answered && (isInside || active === body)) {
    // Browsers take the keyboard from a button that is disabled.
    const next = [...(answer?.querySelectorAll<HTMLElement>("[data-request]") ?? [])].find((each) => each !== card);
    if (next !== undefined) {
      next.focus();
    } else if (matchMedia(fine).matches) {
      document.querySelector<HTMLElement>(".composer textarea")?.focus();
    }
  }
}
