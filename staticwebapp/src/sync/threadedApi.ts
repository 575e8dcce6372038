import { within } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { ApiError } from "../api/problem";
import type { TurnRequest } from "../api/requests";
import { messageOf } from "../chat/history";
import type { AssistantNode, ChatNodes } from "../chat/tree";
import { placeOf } from "./threadNodes";

/** Makes sure that the server has the thread of a chat and the turns before the answer. False if it can't. */
export type Prepare = (answer: AssistantNode, nodes: ChatNodes) => Promise<boolean>;

/** How long the thread may take to be prepared: the user who has just pressed Enter is waiting. What it still adds is of use to the next turn. */
const prepareMs = 4_000;

/**
 * The API with chats as threads: a turn is sent with only its new messages, and the thread shows it to other devices while it runs. Where that is not
 * possible, the turn is sent with the whole conversation, and added to the thread when it has ended.
 */
export function threadedApi(
  api: ChatApi,
  find: (turnId: string) => AssistantNode | undefined,
  nodesOf: (chatId: string) => ChatNodes,
  prepare: Prepare,
): ChatApi {
  return {
    ...api,
    async startTurn(request: TurnRequest, signal: AbortSignal): Promise<Response> {
      const answer = find(request.turn_id);
      if (answer !== undefined) {
        const nodes = nodesOf(answer.chatId);
        const { parent, messages } = placeOf(nodes, answer);
        if (messages.length > 0 && (await within(prepareMs, prepare(answer, nodes), signal)) === true) {
          const system = request.messages.filter(({ role }) => role === "system");
          try {
            return await api.startTurn(
              {
                ...request,
                tools: request.tools ?? [],
                messages: [...system, ...messages.map(messageOf)],
                thread_id: answer.chatId,
                parent_turn_id: parent?.id ?? "root",
              },
              signal,
            );
          } catch (error) {
            if (!isAboutThread(error)) {
              throw error;
            }
          }
        }
      }
      return api.startTurn(request, signal);
    },
  };
}

/** Whether the whole conversation may be accepted where the thread's place was not. */
function isAboutThread(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 400 || error.status === 404);
}
