import type { ChatNodes } from "./tree";

/** What all answers of a chat have used, those of other branches included. */
export function usageOf(nodes: ChatNodes): { readonly tokens: number; readonly cost: number } {
  let tokens = 0;
  let cost = 0;
  for (const node of nodes.values()) {
    const usage = node.role === "assistant" ? node.turn.usage : undefined;
    tokens += (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);
    cost += usage?.cost ?? 0;
  }
  return { tokens, cost };
}
