import type { Conversations } from "../chat/conversations";
import type { TurnFailure } from "../chat/failure";
import type { ChatStateStore } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { nextTurnOptions } from "../settings/chatSettings";
import { bytes } from "./format";

/** What the user should read about a failure: what happened, and what helps where that is not said already. */
export function explain(failure: TurnFailure, maxBodyBytes: number | undefined): { what: string; advice?: string } {
  const { message, code, status, lost, retryable } = failure;
  if (lost) {
    return { what: message, advice: strings.answerMayExist };
  }
  if (status === 413 && maxBodyBytes !== undefined) {
    return { what: strings.bodyTooLarge(bytes(maxBodyBytes)) };
  }
  const advice = adviceFor();
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
        return /context|too long|too many tokens|maximum.*tokens/i.test(message)
          ? strings.adviceTooLong
          : strings.adviceModel;
      case "CONTENT_FILTERED":
        return strings.adviceFilter;
      case "INVALID_REQUEST":
        return /context|too long|tokens/i.test(message) ? strings.adviceTooLong : undefined;
      case "RATE_LIMITED":
        return undefined; // the server says which limit, and when it ends
      default:
        return retryable ? strings.adviceRetry : undefined;
    }
  }
}

/** A message that says what to do needs no other advice, which might contradict it. */
function advises(message: string): boolean {
  return /(^|[.!:;]\s+)(try|wait|choose|check|contact|sign in|start|shorten|send|reduce|ask)\b/i.test(message);
}

/** Resumes the answer where it was lost, or else asks for another in its place. */
export function tryAgain(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  if (node.turn.failure?.lost) {
    conversations.resume(node);
    return;
  }
  void conversations.regenerate(node, nextTurnOptions(state.getState(), node.chatId));
}
