import { type ChatState, type ChatStateStore, isTemporary } from "../chat/state";
import type { ChatNode } from "../chat/tree";
import { isUnfinished, resumeTurn } from "../chat/turn";
import { type Edit, editedTexts, keepEdited } from "../components/editedTexts";
import { keyOf } from "./owner";

/**
 * Restores the edits of messages and requests that this tab had open before it was loaded again, and keeps them from now on, except in temporary chats.
 * @returns A function that ends it.
 */
export function keepEdits(state: ChatStateStore): () => void {
  const key = keyOf("edits");
  const store = () => {
    const { chats } = state.getState();
    const isKept = ({ chatId }: Edit) =>
      chatId === undefined || (chats.has(chatId) && !isTemporary(state.getState(), chatId));
    const kept = [...editedTexts.getState()].filter(([, edit]) => isKept(edit));
    try {
      sessionStorage.setItem(key, JSON.stringify(kept));
    } catch {
      // With a full storage, a reload loses them.
    }
  };
  editedTexts.setState(read(key), true);
  const unsubscribes = [
    editedTexts.subscribe(store),
    state.subscribe(({ chats, nodes }, before) => {
      if (nodes !== before.nodes) {
        endAnswered(nodes, before.nodes);
      }
      if (chats !== before.chats && editedTexts.getState().size > 0) {
        store(); // a chat is deleted, or put back
      }
    }),
  ];
  return () => {
    for (const unsubscribe of unsubscribes) {
      unsubscribe();
    }
  };
}

/** Forgets what was typed into requests that are answered, or whose turn has ended, whichever chat is shown. */
function endAnswered(nodes: ChatState["nodes"], before: ChatState["nodes"]): void {
  for (const [id, { chatId = "" }] of editedTexts.getState()) {
    const [turnId = "", requestId] = id.split(" ");
    const [node, earlier] = [nodes, before].map((all) => all.get(chatId)?.get(turnId));
    const asks = (each: ChatNode | undefined) =>
      each?.role === "assistant" && each.turn.requests?.some((request) => request.id === requestId) === true;
    // A turn that is read from storage may be of a time before the request.
    if (node?.role === "assistant" && (!isUnfinished(resumeTurn(node.turn)) || (asks(earlier) && !asks(node)))) {
      keepEdited({ id, chatId });
    }
  }
}

function read(key: string): ReadonlyMap<string, Edit> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(key) ?? "[]") as readonly (readonly [string, Edit])[]);
  } catch {
    return new Map();
  }
}
