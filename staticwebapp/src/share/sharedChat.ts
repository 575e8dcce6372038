import { newId } from "../api/ids";
import type { Attachment } from "../attachments/attachment";
import { type Chat, newChat } from "../chat/chat";
import { copyOf } from "../chat/fork";
import { branchTo, type ChatNode, type ChatNodes } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import { nodesOf } from "../sync/threadNodes";
import type { Shared } from "./shareApi";

/** A shared chat as the page shows it. */
export interface ReadChat {
  readonly chat: Chat;
  readonly nodes: ChatNodes;
}

export function toChat(shared: Shared): ReadChat {
  const nodes = new Map<string, ChatNode>();
  for (const turn of shared.turns) {
    for (const node of nodesOf(shared.id, turn, nodes)) {
      nodes.set(node.id, node);
    }
  }
  const created = Date.parse(shared.created_at);
  return {
    chat: { ...newChat(shared.id, shared.title, created), leafId: shared.turns.at(-1)?.turn_id ?? null },
    nodes,
  };
}

/**
 * A copy with ids of its own, which the user can continue.
 * @param keepFile Stores a file of the shared chat for the user, and returns its new id.
 */
export async function copyOfShared(
  { chat, nodes }: ReadChat,
  keepFile: (attachment: Attachment & { kind: "file" }) => Promise<string>,
  now: number,
): Promise<{ chat: Chat; nodes: readonly ChatNode[] }> {
  const chatId = newId();
  const ids = new Map([...nodes.keys()].map((id) => [id, newId()]));
  const keep = async (attachment: Attachment): Promise<Attachment> =>
    attachment.kind === "file" ? { ...attachment, fileId: await keepFile(attachment) } : attachment;
  const copies = await Promise.all(
    [...nodes.values()].map(async (node): Promise<ChatNode> => {
      const place = { id: ids.get(node.id) ?? newId(), chatId, parentId: ids.get(node.parentId ?? "") ?? null };
      return node.role === "user" && node.attachments !== undefined
        ? { ...node, ...place, attachments: await Promise.all(node.attachments.map(keep)) }
        : copyOf(node, place);
    }),
  );
  return {
    chat: { ...chat, id: chatId, createdAt: now, updatedAt: now, leafId: ids.get(chat.leafId ?? "") ?? null },
    nodes: copies,
  };
}

/** The last answer of the branch that has ended: what a link can show. */
export function lastEndedAnswer(nodes: ChatNodes, leafId: string | null): string | undefined {
  return branchTo(nodes, leafId).findLast((node) => node.role === "assistant" && !isUnfinished(node.turn))?.id;
}
