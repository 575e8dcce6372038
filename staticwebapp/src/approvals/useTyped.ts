import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { AssistantNode } from "../chat/tree";
import { editedTexts, keepEdited } from "../components/editedTexts";

/**
 * What the user has typed into the card of a request, kept as edits of messages are: over a reload, and while the card is not drawn.
 * It is forgotten when the request is gone.
 * @param sent Whether the server has it: it is forgotten with the card then.
 * @param part Which of several texts of the card it is.
 * @returns The text, undefined where nothing was typed, and what changes it or, without a text, forgets it.
 */
export function useTyped(
  { id: turnId, chatId }: AssistantNode,
  requestId: string,
  sent: boolean,
  part = "",
): readonly [string | undefined, (text?: string) => void] {
  const id = `${turnId} ${requestId}${part}`;
  const text = useStore(editedTexts, (edits) => edits.get(id)?.text);
  const latest = useRef(sent);
  latest.current = sent;
  useEffect(
    () => () => {
      if (latest.current) {
        keepEdited({ id, chatId });
      }
    },
    [id, chatId],
  );
  return [text, (changed) => keepEdited({ id, chatId }, changed)];
}
