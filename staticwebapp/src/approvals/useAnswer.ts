import { useState } from "react";
import type { TurnSignal } from "../api/requests";
import type { AssistantNode } from "../chat/tree";
import { useServices } from "../services";

/** Sends the answer to a request, and whether it is being sent. */
export function useAnswer(node: AssistantNode) {
  const { conversations } = useServices();
  const [sending, setSending] = useState(false);
  const answer = async (signal: TurnSignal, approvedTool?: string) => {
    setSending(true);
    await conversations.answer(node, signal, approvedTool);
    setSending(false);
  };
  return { sending, answer };
}
