import { createStore } from "zustand/vanilla";

/** An earlier message or the title of a chat as the user is changing it, or what is typed into a request of an answer or into the form of a dialog. */
export interface Edit {
  /** Absent for a form, and for a call in a chat of another user that an approver denies. */
  readonly chatId?: string | undefined;
  readonly text: string;
  /** Whether the editor was left by Esc. It opens with the text again. */
  readonly closed?: boolean;
}

/** The messages, titles, requests and forms that are being edited, by id. An edit outlives the editor, which is not drawn where the reader scrolled away. */
export const editedTexts = createStore<ReadonlyMap<string, Edit>>(() => new Map());

/** @param text Nothing ends the edit. */
export function keepEdited(
  { id, chatId }: Pick<Edit, "chatId"> & { readonly id: string },
  text?: string,
  closed?: true,
): void {
  const edits = new Map(editedTexts.getState());
  if (text === undefined) {
    edits.delete(id);
  } else {
    edits.set(id, closed ? { chatId, text, closed } : { chatId, text });
  }
  editedTexts.setState(edits, true);
}
