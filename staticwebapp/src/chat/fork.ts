import { newId } from "../api/ids";
import { strings } from "../i18n/strings";
import type { Chat } from "./chat";
import { branchTo, type ChatNode, type ChatNodes } from "./tree";
import { isUnfinished, resumeTurn } from "./turn";

/** A node in another place. A turn that is still being written ends in the copy, as does one that was lost if it can't be resumed under its id. */
export function copyOf(node: ChatNode, place: Pick<ChatNode, "id" | "chatId" | "parentId">): ChatNode {
  const copy = { ...node, ...place };
  if (copy.role === "user") {
    return copy;
  }
  const turn = copy.id === node.id ? copy.turn : resumeTurn(copy.turn);
  return isUnfinished(turn) ? { ...copy, turn: { ...turn, status: "stopped" } } : copy;
}

/** A copy of a chat up to one of its messages, with ids of its own. */
export function forkOf(source: Chat, all: ChatNodes, last: ChatNode, now: number): { chat: Chat; nodes: ChatNode[] } {
  const chatId = newId();
  const ids = new Map<string | null, string>();
  const nodes = branchTo(all, last.id).map((original): ChatNode => {
    const id = newId();
    ids.set(original.id, id);
    return copyOf(original, { id, chatId, parentId: ids.get(original.parentId) ?? null });
  });
  const { queued: _, compared: __, moved: ___, ...rest } = source;
  const chat = {
    ...rest,
    id: chatId,
    title: strings.copyOf(source.title),
    createdAt: now,
    updatedAt: now,
    pinned: false,
    leafId: ids.get(last.id) ?? null,
  };
  return { chat, nodes };
}
