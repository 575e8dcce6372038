import { useState } from "react";
import type { TurnSignal } from "../api/requests";
import type { AssistantNode } from "../chat/tree";
import { useServices } from "../services";

/** Sends the answer to a request, once unless the server refuses it: the turn takes it as soon as the calls that run have ended. */
export function useAnswer(node: AssistantNode) {
  const { conversations } = useServices();
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState(false);
  const answer = async (signal: TurnSignal, approvedTool?: string) => {
    setSending(true);
    setSent(await conversations.answer(node, signal, approvedTool));
    setSending(false);
  };
  return { sending: sending || sent, sent, answer };
}
