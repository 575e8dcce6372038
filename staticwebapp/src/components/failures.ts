import type { Conversations } from "../chat/conversations";
import type { TurnFailure } from "../chat/failure";
import type { ChatStateStore } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import type { ModelRetry } from "../chat/turn";
import { strings } from "../i18n/strings";
import { nextTurnOptions } from "../settings/chatSettings";
import { bytes, firstSentence } from "./format";

export interface Explanation {
  /** What happened, in the language of the page. */
  readonly what: string;
  /** What helps, unless the message names it. */
  readonly advice?: string;
  /** The server's own message, where its language is not that of the page. */
  readonly detail?: string;
}

/**
 * What the user should read about a failure.
 * @param hasModel Whether the user can choose a model for what failed: a web search has none.
 */
export function explain(failure: TurnFailure, maxBodyBytes: number | undefined, hasModel = true): Explanation {
  const { message, code, status, lost, retryable, translated } = failure;
  if (lost) {
    return { what: message, advice: strings.answerMayExist };
  }
  if (status === 413 && maxBodyBytes !== undefined) {
    return { what: strings.bodyTooLarge(bytes(maxBodyBytes)) };
  }
  const advice = adviceFor();
  const what = translated ? undefined : strings.failed[code];
  if (what !== undefined) {
    return { what, detail: message, ...(advice === undefined ? {} : { advice }) };
  }
  return advice === undefined || advises(message) ? { what: message } : { what: message, advice };

  function adviceFor(): string | undefined {
    switch (code) {
      case "UNAUTHORIZED":
        return strings.adviceSignIn;
      case "FORBIDDEN":
        return strings.adviceForbidden;
      case "CONFIGURATION_ERROR":
        return strings.adviceConfiguration;
      case "UPSTREAM_ERROR":
      case "UPSTREAM_TIMEOUT":
        if (!hasModel) {
          return strings.adviceRetry;
        }
        return /context|too long|too many tokens|maximum.*tokens/i.test(message)
          ? strings.adviceTooLong
          : strings.adviceModel;
      case "CONTENT_FILTERED":
        return strings.adviceFilter;
      case "INVALID_REQUEST":
        return /context|too long|tokens/i.test(message) ? strings.adviceTooLong : undefined;
      case "RATE_LIMITED":
      case "BUDGET_EXCEEDED":
        return undefined; // the server names the limit, and when it ends
      default:
        return retryable ? strings.adviceRetry : undefined;
    }
  }
}

/** Why the server repeats a model call, without the advice of the message: the user has nothing to do. */
export function reasonOf({ code, reason }: ModelRetry): string {
  return strings.failed[code] ?? firstSentence(reason);
}

/** A message that names what to do needs no other advice, which might contradict it. */
function advises(message: string): boolean {
  return /(^|[.!:;]\s+)(try|wait|choose|check|contact|sign in|start|shorten|send|reduce|ask|rephrase)\b/i.test(message);
}

/** Resumes the answer where it was lost, or else asks for another in its place. */
export function tryAgain(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  if (node.turn.failure?.lost) {
    conversations.resume(node);
    return;
  }
  void conversations.messages.regenerate(node, nextTurnOptions(state.getState(), node.chatId));
}
