import { ApiError } from "../api/problem";
import type { Thread, ThreadApi, ThreadFields } from "../api/threads";
import type { Chat } from "../chat/chat";
import { type MovedAnswers, newPlaceOf } from "../chat/movedAnswers";
import { type AssistantNode, byId, type ChatNodes } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { ChatStorage } from "../storage/chatStorage";
import { possibleTime } from "../storage/possibleTime";
import type { SyncedChat } from "../storage/syncedChat";
import type { SyncStorage } from "../storage/syncStorage";
import { affectedTurns, turnsFrom } from "./affectedTurns";
import { folderOf, metadataOf } from "./mergedChat";
import { addedTurn, placeOf } from "./threadNodes";

export interface ThreadPushOptions {
  readonly api: ThreadApi;
  readonly storage: ChatStorage;
  readonly synced: SyncStorage;
  /** Called when a chat must be compared once more. */
  readonly touch: (chatId: string) => void;
}

/** Copies what this browser has to the server. */
export class ThreadPush {
  readonly #options: ThreadPushOptions;

  constructor(options: ThreadPushOptions) {
    this.#options = options;
  }

  /**
   * Copies what the server lacks of a chat, and removes what the user deleted.
   * @returns False where the server refuses some of its answers.
   */
  async push(chatId: string): Promise<boolean> {
    const { api, storage, synced } = this.#options;
    const nodes = byId(await storage.nodes(chatId));
    const chat = await storage.chat(chatId);
    let known = await synced.get(chatId);
    if (chat === undefined) {
      if (known !== undefined) {
        await ignoring(404, api.remove(chatId));
        await synced.remove(chatId);
      }
      return true;
    }
    const answers = [...nodes.values()].filter((node) => node.role === "assistant");
    if (known === undefined) {
      if (!answers.some(({ turn }) => !isUnfinished(turn))) {
        return true;
      }
      known = await this.create(chat);
    }
    let refusal: ApiError | undefined;
    try {
      for (const answer of answers.sort((a, b) => a.createdAt - b.createdAt)) {
        known = await this.add(known, answer, nodes);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      refusal = error;
    }
    // Also if an answer was refused: the thread may be full.
    known = await this.#removeDeleted(chatId, known, nodes, chat.moved ?? new Map());
    if (refusal !== undefined) {
      throw refusal;
    }
    const metadata = metadataOf(chat);
    const isMoved = chat.folder !== known.folder;
    if (chat.title !== known.title || isMoved || JSON.stringify(metadata) !== known.metadata) {
      const isSame = chat.title === known.title;
      await api.change(chatId, {
        ...(isSame ? {} : { title: chat.title }),
        ...(isMoved ? { folder: chat.folder ?? "" } : {}),
        metadata,
      });
      const { folder: _, ...before } = known;
      await synced.save({ ...before, title: chat.title, ...folderOf(chat), metadata: JSON.stringify(metadata) });
    }
    return !known.refused.some((id) => nodes.has(id));
  }

  /**
   * Removes from the server what the user deleted here: not before the server has the copies of what moved, and nothing that another
   * device has added after that and this browser has not seen.
   */
  async #removeDeleted(chatId: string, known: SyncedChat, nodes: ChatNodes, moved: MovedAnswers): Promise<SyncedChat> {
    const { api, synced } = this.#options;
    const copyIsMissing = (id: string) => {
      const place = newPlaceOf(id, nodes, moved);
      return place !== null && nodes.get(place)?.role === "assistant" && !known.turnIds.includes(place);
    };
    let thread: Thread | undefined;
    for (const id of known.turnIds.filter((each) => !nodes.has(each))) {
      if (!known.turnIds.includes(id)) {
        continue; // removed with one that it followed
      }
      thread ??= await api.read(chatId);
      const { turns, etag } = thread;
      const { deleted, moving } = affectedTurns(turns, nodes, known.turnIds, moved);
      if (moving.size > 0) {
        this.#options.touch(chatId); // they move with the next run, once they have ended
        return known;
      }
      const removed = turnsFrom(turns, id);
      if ([...removed].every((each) => deleted.has(each) && !copyIsMissing(each))) {
        if (removed.size > 0) {
          await ignoring(404, api.removeTurn(chatId, id, etag));
          thread = undefined; // its ETag has changed
        }
        known = { ...known, turnIds: known.turnIds.filter((each) => each !== id && !removed.has(each)) };
        await synced.save(known);
      }
    }
    return known;
  }

  /** Creates the thread of a chat, without its turns. */
  async create(chat: Chat): Promise<SyncedChat> {
    const metadata = metadataOf(chat);
    const fields: ThreadFields = {
      ...(chat.renamed === true ? { title: chat.title } : {}),
      ...folderOf(chat),
      metadata,
    };
    await ignoring(
      409,
      this.#options.api.create(chat.id, new Date(possibleTime(chat.createdAt, Date.now())).toISOString(), fields),
    );
    // A title that the user did not choose is the server's to write.
    const synced = {
      chatId: chat.id,
      turnIds: [],
      refused: [],
      title: chat.title,
      ...folderOf(chat),
      metadata: JSON.stringify(metadata),
    };
    await this.#options.synced.save(synced);
    return synced;
  }

  /** Adds an answer and, before it, those that it follows. */
  async add(synced: SyncedChat, answer: AssistantNode, nodes: ChatNodes): Promise<SyncedChat> {
    for (const each of missingUpTo(answer, synced, nodes)) {
      synced = await this.#addOne(synced, each, nodes);
      if (!synced.turnIds.includes(each.id)) {
        break;
      }
    }
    return synced;
  }

  async #addOne(synced: SyncedChat, answer: AssistantNode, nodes: ChatNodes): Promise<SyncedChat> {
    if (synced.refused.includes(answer.id) || isUnfinished(answer.turn) || answer.turn.failure?.lost === true) {
      return synced;
    }
    try {
      await this.#options.api.addTurn(answer.chatId, answer.id, addedTurn(nodes, answer));
      synced = { ...synced, turnIds: [...synced.turnIds, answer.id] };
    } catch (error) {
      if (!(error instanceof ApiError && (error.status === 400 || error.status === 413))) {
        throw error;
      }
      synced = { ...synced, refused: [...synced.refused, answer.id] };
    }
    await this.#options.synced.save(synced);
    return synced;
  }
}

/** An answer and those that it follows and the server lacks, the first one at the beginning; none where they follow each other in a circle. */
function missingUpTo(answer: AssistantNode, { turnIds }: SyncedChat, nodes: ChatNodes): readonly AssistantNode[] {
  const onServer = new Set(turnIds);
  const missing = new Map<string, AssistantNode>();
  for (let each: AssistantNode | undefined = answer; each !== undefined && !onServer.has(each.id); ) {
    if (missing.has(each.id)) {
      return [];
    }
    missing.set(each.id, each);
    each = placeOf(nodes, each).parent;
  }
  return [...missing.values()].reverse();
}

async function ignoring(status: number, request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === status)) {
      throw error;
    }
  }
}
