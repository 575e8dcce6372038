import { type ChatStateStore, isTemporary } from "../chat/state";
import { type Edit, editedTexts } from "../components/editedTexts";
import { keyOf } from "./owner";

/**
 * Restores the edits of messages and requests that this tab had open before it was loaded again, and keeps them from now on, except in temporary chats.
 * @returns A function that ends it.
 */
export function keepEdits(state: ChatStateStore): () => void {
  const key = keyOf("edits");
  const store = () => {
    const { chats } = state.getState();
    const isKept = ({ chatId }: Edit) => chats.has(chatId) && !isTemporary(state.getState(), chatId);
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
    state.subscribe(({ chats }, before) => {
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

function read(key: string): ReadonlyMap<string, Edit> {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(key) ?? "[]") as readonly (readonly [string, Edit])[]);
  } catch {
    return new Map();
  }
}
