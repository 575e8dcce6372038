import { type Attachment, weightOf } from "../attachments/attachment";
import type { AssistantNode, ChatNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import type { UnsavedChange } from "./chatStorage";

/** More is a file, and not what the user has typed. */
const heaviest = 1_000;

const light = (attachments: readonly Attachment[]) => attachments.filter((each) => weightOf(each) <= heaviest);

/** The change, and then less and less of it: without files and the results of tools, then only what was said last. */
export function* lessOf(change: UnsavedChange): Iterable<UnsavedChange> {
  yield change;
  const { queued } = change.chat;
  const chat =
    queued === undefined
      ? change.chat
      : { ...change.chat, queued: { ...queued, attachments: light(queued.attachments) } };
  const words = wordsOf(change.added);
  const ids = new Set(words.map(({ id }) => id));
  const only = (added: readonly ChatNode[]): UnsavedChange => {
    const isLeafKept = !ids.has(chat.leafId ?? "") || added.some(({ id }) => id === chat.leafId);
    return { ...change, chat: isLeafKept ? chat : { ...chat, leafId: added.at(-1)?.id ?? null }, added };
  };
  for (let count = words.length; count > 1; count = Math.floor(count / 2)) {
    yield only(words.slice(-count));
  }
  yield only(words.filter(({ role }) => role === "user").slice(-1));
}

/** The nodes without files, and without what the server has of their turns. */
function wordsOf(nodes: readonly ChatNode[]): readonly ChatNode[] {
  const cut = new Set<string | null>();
  for (const node of nodes) {
    if (
      node.role === "user" &&
      node.attachments !== undefined &&
      light(node.attachments).length < node.attachments.length
    ) {
      cut.add(node.id);
    }
  }
  return nodes.map((node) =>
    node.role === "user"
      ? { ...node, attachments: light(node.attachments ?? []) }
      : { ...node, turn: textOf(node, !cut.has(node.parentId)) },
  );
}

function textOf({ turn }: AssistantNode, isAskedWhole: boolean): AssistantNode["turn"] {
  if (turn.status === "pending") {
    return isAskedWhole ? turn : { ...newTurn, status: "stopped" }; // it is not sent without its files
  }
  if (turn.status === "running") {
    return { ...newTurn, status: "running" }; // followed from its first event
  }
  const isText = ({ type }: AssistantNode["turn"]["parts"][number]) => type === "text";
  return {
    ...turn,
    parts: turn.parts.filter(isText),
    openFrom: turn.parts.slice(0, turn.openFrom).filter(isText).length,
    calls: [],
    messages: turn.messages.filter((message) => message.role === "assistant" && message.tool_calls === undefined),
  };
}
