import { toast } from "sonner";
import type { ErrorCode } from "../api/events";
import type { Conversations } from "../chat/conversations";
import type { TurnFailure } from "../chat/failure";
import type { ChatStateStore } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import { settings, turnOptions } from "../settings/settings";

const advice: Partial<Record<ErrorCode, string>> = {
  INVALID_REQUEST: "Change the message or the settings, then send it again.",
  UNAUTHORIZED: "This server asks you to sign in.",
  FORBIDDEN: "Your account may not use this. Another model may work.",
  RATE_LIMITED: "Wait a moment, then try again.",
  CONFIGURATION_ERROR: "The server is not set up right. Tell whoever runs it, or choose another model.",
  UPSTREAM_ERROR: "Try again, or choose another model.",
  UPSTREAM_TIMEOUT: "Try again, or choose another model.",
  CONTENT_FILTERED: "The provider's filter refused this. Put it in other words.",
};

/** What a person can do about it. */
export function adviceFor({ code, lost, retryable }: TurnFailure): string | undefined {
  if (lost) {
    return "The answer may still be there: go on with it once you are connected.";
  }
  return advice[code] ?? (retryable ? "Try again." : undefined);
}

/** Takes up the answer where it was lost, or else asks for another in its place. */
export function tryAgain(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  toast.dismiss(node.id); // which says the same, wherever it was pressed
  if (node.turn.failure?.lost) {
    conversations.resume(node);
    return;
  }
  const { models, tools } = state.getState();
  void conversations.regenerate(node, turnOptions(settings.getState(), models, tools));
}

export function announceFailure(node: AssistantNode, conversations: Conversations, state: ChatStateStore): void {
  const { failure } = node.turn;
  if (failure !== undefined) {
    const description = adviceFor(failure);
    toast.error(failure.message, {
      id: node.id,
      ...(description === undefined ? {} : { description }),
      ...(failure.retryable
        ? {
            action: {
              label: failure.lost ? "Go on" : "Try again",
              onClick: () => tryAgain(node, conversations, state),
            },
          }
        : {}),
    });
  }
}
