import { strings } from "../i18n/strings";
import { type Chat, withoutComparison } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import { newPlaceOf, withMoves } from "./movedAnswers";
import { placeAfter, restoreBranch } from "./restoration";
import { type ChatStateStore, knownChat } from "./state";
import { type ChatNode, newestLeaf, siblingsOf, subtreeOf, type UserNode, withNodes } from "./tree";
import { isUnfinished } from "./turn";

export interface DeletionsOptions {
  readonly store: ChatNodeStore;
  readonly state: ChatStateStore;
  /** Stops answers that are being written. */
  readonly stopAll: (answers: readonly ChatNode[]) => Promise<void>;
  /** Called with what the user should know and no message shows. */
  readonly onTrouble: (what: string) => void;
}

/** A deletion that can be undone. */
export interface Deletion {
  /** How many messages were deleted. */
  readonly count: number;
  readonly undo: () => Promise<void>;
}

/** The messages that users delete from chats, and put back. */
export class Deletions {
  readonly #options: DeletionsOptions;

  constructor(options: DeletionsOptions) {
    this.#options = options;
  }

  /** Deletes a message and what follows it on all branches. */
  async deleteFrom(node: ChatNode): Promise<Deletion> {
    const { store } = this.#options;
    const { leafId } = this.#chat(node.chatId);
    await this.#stopFrom(node);
    const nodes = store.nodes(node.chatId);
    const deleted = subtreeOf(nodes, node);
    const alternative = siblingsOf(nodes, node).findLast(({ id }) => id !== node.id);
    const chat = {
      ...withoutComparison(this.#chat(node.chatId)),
      leafId: alternative === undefined ? node.parentId : newestLeaf(nodes, alternative.id),
    };
    await store.save(
      chat,
      [],
      deleted.map(({ id }) => id),
    );
    const undo = async (place: string | null) => {
      const before = store.nodes(node.chatId);
      const { added, places } = restoreBranch(deleted, place, before);
      const current = this.#chat(node.chatId);
      const nodes = withNodes(before, added);
      const moved = withMoves(current.moved, places, nodes);
      const shown = leafId === null ? null : newPlaceOf(leafId, nodes, moved); // it may have moved since
      const end = shown !== null && nodes.has(shown) ? shown : (added[0]?.id ?? current.leafId);
      await store.save(
        {
          ...current,
          leafId: end === null ? null : newestLeaf(nodes, end),
          ...(moved.size === 0 ? {} : { moved }),
        },
        added,
      );
    };
    return { count: deleted.length, undo: this.#undoOf(node, undo) };
  }

  /** Deletes a message and its answers, but not what follows them. */
  async deleteExchange(question: UserNode): Promise<Deletion> {
    const { deleteExchange } = await import("./exchange"); // which the menu has loaded
    await this.#stopFrom(question);
    const { count, undo } = await deleteExchange(question, this.#options.store, () => this.#chat(question.chatId));
    return { count, undo: this.#undoOf(question, undo) };
  }

  /** Undoes a deletion, unless the chat or what the deleted node followed is gone too: the node would be on no branch. */
  #undoOf({ chatId, parentId }: ChatNode, undo: (place: string | null) => Promise<void>): () => Promise<void> {
    const { state, store, onTrouble } = this.#options;
    return async () => {
      if (!state.getState().chats.has(chatId)) {
        return;
      }
      await store.load(chatId); // it is unloaded once the user opens another chat
      const place = placeAfter(parentId, store.nodes(chatId), this.#chat(chatId).moved ?? new Map());
      if (place === undefined) {
        onTrouble(strings.notRestored);
      } else {
        await undo(place);
      }
    };
  }

  /** Stops what is being written at a node or after it, on all branches. */
  async #stopFrom(node: ChatNode): Promise<void> {
    const running = subtreeOf(this.#options.store.nodes(node.chatId), node).filter(
      (each) => each.role === "assistant" && isUnfinished(each.turn),
    );
    await this.#options.stopAll(running);
  }

  #chat(chatId: string): Chat {
    return knownChat(this.#options.state, chatId);
  }
}
