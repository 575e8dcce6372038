import type { ModelInfo } from "../api/serverInfo";
import type { ModelCall } from "./modelCalls";
import type { ChatNodes } from "./tree";

/** The tokens that a conversation has after the last of these calls: its input and its output. Calls of tools have conversations of their own. */
export function tokensAfter(calls: readonly ModelCall[]): number | undefined {
  const usage = calls.findLast(({ tool, usage }) => tool === undefined && usage !== undefined)?.usage;
  return usage === undefined ? undefined : usage.input_tokens + usage.output_tokens;
}

/** The tokens of the conversation that ends in the leaf, as its last model call counted them. */
export function contextTokens(nodes: ChatNodes | undefined, leafId: string | null): number | undefined {
  const seen = new Set<string>();
  for (let id = leafId; id !== null && !seen.has(id); ) {
    seen.add(id);
    const node = nodes?.get(id);
    const tokens = node?.role === "assistant" ? tokensAfter(node.turn.calls) : undefined;
    if (node === undefined || tokens !== undefined) {
      return tokens;
    }
    id = node.parentId;
  }
  return undefined;
}

/** The context that a model accepts. */
export function contextLimit(model: ModelInfo | undefined): number | undefined {
  const length = model?.capabilities?.context_length;
  return length !== undefined && length > 0 ? length : undefined;
}
