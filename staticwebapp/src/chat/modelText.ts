import type { ChatApi } from "../api/client";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newId } from "../api/ids";
import { cutText } from "../text";
import { textOf } from "./chat";
import type { AssistantNode, UserNode } from "./tree";
import { newTurn, reduceTurnAll } from "./turn";

/** Reasoning counts, and has to fit. */
const mostTokens = 1_000;

/**
 * What the model of an answer writes about it and its question, without tools and outside of the chat; undefined if the model has nothing.
 * @param longestQuote The characters that are sent of each message: each of them costs.
 */
export async function modelText(
  api: Pick<ChatApi, "startTurn">,
  question: UserNode,
  answer: AssistantNode,
  instructions: string,
  longestQuote: number,
): Promise<string | undefined> {
  const { provider, model } = answer.turn;
  if (provider === undefined || model === undefined) {
    return undefined;
  }
  const quote = `User:\n${cutText(question.text, longestQuote)}\n\nAssistant:\n${cutText(textOf(answer), longestQuote)}`;
  const response = await api.startTurn(
    {
      turn_id: newId(),
      model: `${provider}:${model}`,
      messages: [
        { role: "system", content: instructions },
        { role: "user", content: quote },
      ],
      max_tokens: mostTokens,
    },
    AbortSignal.timeout(30_000),
  );
  const events = new TurnEventDecoder(turnEvents).push(new Uint8Array(await response.arrayBuffer()));
  const turn = reduceTurnAll(newTurn, events);
  return turn.status === "complete"
    ? turn.parts.map((part) => (part.type === "text" ? part.text : "")).join("")
    : undefined;
}
