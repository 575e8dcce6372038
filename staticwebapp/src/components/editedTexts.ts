import { createStore } from "zustand/vanilla";

/** The messages that are being edited, by id, with the text so far. It outlives the editor, which is not drawn where the reader scrolled away. */
export const editedTexts = createStore<ReadonlyMap<string, string>>(() => new Map());

/** @param text Nothing ends the edit. */
export function keepEdited(id: string, text: string | undefined): void {
  const texts = new Map(editedTexts.getState());
  if (text === undefined) {
    texts.delete(id);
  } else {
    texts.set(id, text);
  }
  editedTexts.setState(texts, true);
}
