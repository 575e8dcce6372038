import { newId } from "../api/ids";
import type { ChatMessage, UserMessage } from "../api/messages";
import type { AddedTurn, ThreadTurn } from "../api/threads";
import type { Attachment } from "../attachments/attachment";
import { messageOf } from "../chat/history";
import {
  type AssistantNode,
  assistantNode,
  type ChatNode,
  type ChatNodes,
  type UserNode,
  userNode,
} from "../chat/tree";
import { isUnfinished, newTurn, reduceTurnAll } from "../chat/turn";
import { strings } from "../i18n/strings";
import { possibleTime } from "../storage/possibleTime";
import { eventsOf } from "./turnEvents";

/**
 * A chat's tree and a thread's turns are the same conversation: an answer is a turn with the same id, whose messages are the
 * user's between it and the answer before.
 */
export interface TurnPlace {
  /** The answer before; undefined at the beginning. */
  readonly parent: AssistantNode | undefined;
  readonly messages: readonly UserNode[];
}

export function placeOf(nodes: ChatNodes, answer: AssistantNode): TurnPlace {
  const messages: UserNode[] = [];
  const seen = new Set<string>([answer.id]);
  for (let id = answer.parentId; id !== null && !seen.has(id); ) {
    seen.add(id);
    const node = nodes.get(id);
    if (node === undefined) {
      break;
    }
    if (node.role === "assistant") {
      return { parent: node, messages: messages.reverse() };
    }
    messages.push(node);
    id = node.parentId;
  }
  return { parent: undefined, messages: messages.reverse() };
}

/** The answer as a turn to add to a thread. */
export function addedTurn(nodes: ChatNodes, answer: AssistantNode): AddedTurn {
  const { parent, messages } = placeOf(nodes, answer);
  return {
    ...(parent === undefined ? {} : { parent_turn_id: parent.id }),
    created_at: new Date(possibleTime(answer.createdAt, Date.now())).toISOString(),
    messages: messages.map(messageOf),
    events: eventsOf(answer.id, answer.turn),
  };
}

/** The nodes that a turn of a thread adds to a chat: its answer, and those of its messages that the chat lacks. */
export function nodesOf(chatId: string, turn: ThreadTurn, known: ChatNodes): readonly ChatNode[] {
  const existing = known.get(turn.turn_id);
  if (existing?.role === "assistant") {
    return [{ ...existing, turn: stateOf(turn, existing.turn) }];
  }
  const createdAt = Date.parse(turn.created_at);
  const added: ChatNode[] = [];
  let parentId = turn.parent_turn_id ?? null;
  for (const [index, message] of turn.messages.filter(isUser).entries()) {
    const node = fromMessage({ id: `${turn.turn_id}.${index}`, chatId, parentId, createdAt }, message);
    const sent = JSON.stringify(message);
    const same = [...known.values()].find(
      (each) => each.role === "user" && each.parentId === parentId && JSON.stringify(messageOf(each)) === sent,
    );
    if (same === undefined) {
      added.push(node);
    }
    parentId = (same ?? node).id;
  }
  const answer = assistantNode({ id: turn.turn_id, chatId, parentId, createdAt }, { tools: [] });
  added.push({ ...answer, turn: stateOf(turn) });
  return added;
}

/** @param known What this browser has of it: all that is left of a damaged one. */
function stateOf(turn: ThreadTurn, known: AssistantNode["turn"] = newTurn): AssistantNode["turn"] {
  if (turn.status === "running") {
    return { ...newTurn, status: "running" };
  }
  if (turn.damaged === true) {
    const { failure: _, ...left } = known;
    return { ...left, status: "stopped" };
  }
  const folded = reduceTurnAll(newTurn, turn.events ?? []);
  return isUnfinished(folded)
    ? { ...folded, status: "stopped" } // its end is unknown to the server too
    : folded;
}

function isUser(message: ChatMessage): message is UserMessage {
  return message.role === "user";
}

function fromMessage(
  base: Pick<UserNode, "id" | "chatId" | "parentId" | "createdAt">,
  { content }: UserMessage,
): UserNode {
  if (typeof content === "string") {
    return userNode(base, content);
  }
  const attachments: Attachment[] = [];
  let text = "";
  for (const part of content) {
    if (part.type === "image_url") {
      const url = part.image_url.url;
      attachments.push({ id: newId(), kind: "image", name: "image", size: sizeOf(url), url });
    } else if (part.type === "file") {
      const name = part.file.filename;
      if ("file_id" in part.file) {
        attachments.push({ id: newId(), kind: "file", name, size: 0, fileId: part.file.file_id });
        continue;
      }
      const url = part.file.file_data;
      attachments.push({ id: newId(), kind: "document", name, size: sizeOf(url), url });
    } else if ((part.type as string) !== "text") {
      text += strings.unknownPart; // such as a recording that another client has sent
    } else {
      const attached = /^<attachment name=("(?:[^"\\]|\\.)*")>\n([\s\S]*)\n<\/attachment>$/.exec(part.text);
      if (attached === null) {
        text += part.text;
      } else {
        const body = attached[2] ?? "";
        attachments.push({
          id: newId(),
          kind: "text",
          name: unquoted(attached[1] ?? ""),
          size: body.length,
          text: body,
        });
      }
    }
  }
  return userNode(base, text, attachments);
}

/** The text of a JSON string. Another client may have written one that is none. */
function unquoted(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}

/** The bytes of a `data:` URL. */
function sizeOf(url: string): number {
  return Math.floor(((url.length - url.indexOf(",") - 1) * 3) / 4);
}
