import { type KeyboardEvent, type RefObject, useState } from "react";
import { flushSync } from "react-dom";
import { isComposing, isEnterToSend } from "../components/keys";
import { useSavedList } from "../hooks/useSavedList";
import { matching, type Prompt, prompts, slashBefore } from "./prompts";

export interface PromptMenuState {
  readonly isOpen: boolean;
  readonly found: readonly Prompt[];
  /** The position of the choice that Enter takes; after the prompts comes the one to edit them. */
  readonly active: number;
  readonly setActive: (index: number) => void;
  readonly choose: (index: number) => void;
  /** Whether the dialog to edit prompts is shown. */
  readonly isEditing: boolean;
  readonly endEditing: () => void;
  /** To be called when the text or the caret of the field changes. */
  readonly onCaret: (text: string, caret: number) => void;
  readonly close: () => void;
  /** Handles the keys of the open list. Returns whether the key was one. */
  readonly onKeyDown: (event: KeyboardEvent) => boolean;
}

export interface PromptMenuProps {
  readonly id: string;
  readonly menu: PromptMenuState;
}

export const optionId = (id: string, index: number) => `${id}-${index}`;

/** The list of prompts that opens when a slash is typed. */
export function usePromptMenu(
  input: RefObject<HTMLTextAreaElement | null>,
  text: string,
  setText: (text: string) => void,
): PromptMenuState {
  const all = useSavedList(prompts);
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [closedAt, closeAt] = useState<number>();
  const [isEditing, edit] = useState(false);

  const slash = slashBefore(text, caret);
  const found = slash === undefined ? [] : matching(all, slash.query);
  const isOpen = slash !== undefined && slash.start !== closedAt && (found.length > 0 || slash.query === "");

  const close = () => closeAt(slash?.start);
  const choose = (index: number) => {
    const prompt = found[index];
    if (slash === undefined || prompt === undefined) {
      edit(true);
      return;
    }
    const end = slash.start + prompt.text.length;
    flushSync(() => {
      setText(text.slice(0, slash.start) + prompt.text + text.slice(caret));
      setCaret(end);
      closeAt(undefined);
    });
    input.current?.focus();
    input.current?.setSelectionRange(end, end);
  };

  return {
    isOpen,
    found,
    active: Math.min(active, found.length),
    setActive,
    choose,
    isEditing,
    endEditing: () => {
      edit(false);
      closeAt(undefined);
    },
    onCaret: (changed, position) => {
      const now = slashBefore(changed, position);
      if (now?.query !== slash?.query) {
        setActive(0);
      }
      if (now === undefined) {
        closeAt(undefined);
      }
      setCaret(position);
    },
    close,
    onKeyDown: (event) => {
      if (!isOpen || isComposing(event)) {
        return false;
      }
      const choices = found.length + 1;
      const current = Math.min(active, found.length);
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        setActive((current + (event.key === "ArrowDown" ? 1 : choices - 1)) % choices);
      } else if (event.key === "Escape") {
        close();
      } else if (isEnterToSend(event) || (event.key === "Tab" && !event.shiftKey)) {
        choose(current);
      } else {
        return false;
      }
      event.preventDefault();
      return true;
    },
  };
}
