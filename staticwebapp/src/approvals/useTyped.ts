import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { AssistantNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import { editedTexts, keepEdited } from "../components/editedTexts";
import { useServices } from "../services";

/**
 * What the user has typed into the card of a request, kept as edits of messages are: over a reload, and while the card is not drawn.
 * It is forgotten with the card when the request is gone.
 * @param sent Whether the server has it: it is forgotten with the card then, too.
 * @param part Which of several texts of the card it is.
 * @returns The text, undefined where nothing was typed, and what changes it or, without a text, forgets it.
 */
export function useTyped(
  { id: turnId, chatId }: AssistantNode,
  requestId: string,
  sent: boolean,
  part = "",
): readonly [string | undefined, (text?: string) => void] {
  const { state } = useServices();
  const id = `${turnId} ${requestId}${part}`;
  const text = useStore(editedTexts, (edits) => edits.get(id)?.text);
  const latest = useRef(sent);
  latest.current = sent;
  useEffect(
    () => () => {
      const node = state.getState().nodes.get(chatId)?.get(turnId); // absent where another chat is shown
      const isGone =
        node?.role === "assistant" &&
        !(isUnfinished(node.turn) && node.turn.requests?.some((request) => request.id === requestId));
      if (latest.current || isGone) {
        keepEdited({ id, chatId });
      }
    },
    [id, chatId, turnId, requestId, state],
  );
  return [text, (changed) => keepEdited({ id, chatId }, changed)];
}
