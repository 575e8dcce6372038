import { asRecord } from "../records";
import { createSavedList, type SavedItem } from "../storage/savedList";

/** A text that the user inserts into messages. */
export interface Prompt extends SavedItem {
  readonly text: string;
}

export const prompts = createSavedList<Prompt>("prompts", isPrompt);

export function isPrompt(value: unknown): value is Prompt {
  const { id, name, text } = asRecord(value);
  return typeof id === "string" && typeof name === "string" && typeof text === "string";
}

/** A slash that opens the list of prompts, and what is typed after it. */
export interface Slash {
  readonly start: number;
  readonly query: string;
}

const longestQuery = 60;

/** The slash before the caret. One within a word, as in `and/or` or a path, is not meant. */
export function slashBefore(text: string, caret: number): Slash | undefined {
  const start = caret === 0 ? -1 : text.lastIndexOf("/", caret - 1);
  if (start < 0 || caret - start > longestQuery) {
    return undefined;
  }
  const query = text.slice(start + 1, caret);
  const isWithin = start > 0 && !/\s/.test(text[start - 1] ?? "");
  return isWithin || /\s/.test(query) ? undefined : { start, query };
}

export function matching(all: readonly Prompt[], query: string): readonly Prompt[] {
  return all.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
}
