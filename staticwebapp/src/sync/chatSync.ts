import { newId } from "../api/ids";
import { ApiError } from "../api/problem";
import type { Thread, ThreadApi, ThreadFields, ThreadItem, ThreadTurn } from "../api/threads";
import type { Chat } from "../chat/chat";
import { type AssistantNode, type ChatNode, type ChatNodes, subtreeOf } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import type { ChatStorage } from "../storage/chatStorage";
import { possibleTime } from "../storage/possibleTime";
import type { SyncedChat } from "../storage/syncedChat";
import type { SyncStorage } from "../storage/syncStorage";
import { affectedTurns, hasPlace, type MovedAnswers, newPlaceOf, turnsFrom } from "./affectedTurns";
import { folderOf, mergedChat, metadataOf } from "./mergedChat";
import { addedTurn, nodesOf, placeOf } from "./threadNodes";

export interface ChatSyncOptions {
  readonly api: ThreadApi;
  readonly storage: ChatStorage;
  readonly synced: SyncStorage;
  /** Called when the sync has changed a chat in storage, and removed these of its nodes. */
  readonly onChanged: (chatId: string, removed: readonly string[]) => Promise<void>;
}

/**
 * Keeps this browser's chats and the user's threads the same. What both had when they were last compared is stored, so that a change, an
 * addition and a deletion of either side can be told apart, and none is lost.
 */
export class ChatSync {
  readonly #options: ChatSyncOptions;
  readonly #changed = new Set<string>();
  /** The threads that the server listed, until this browser has what they contain. */
  #listed: readonly ThreadItem[] | undefined;
  #hasCompared = false;
  #isUnsupported = false;

  constructor(options: ChatSyncOptions) {
    this.#options = options;
  }

  /** This browser changed a chat. */
  touch(chatId: string): void {
    this.#changed.add(chatId);
  }

  /** Compares both sides, and copies what one of them lacks. */
  async run(): Promise<void> {
    this.#listed = (await this.#list()) ?? this.#listed;
    if (this.#isUnsupported) {
      return;
    }
    if (this.#listed !== undefined) {
      await this.#pull(this.#listed);
      this.#listed = undefined;
    }
    if (!this.#hasCompared) {
      for (const { id } of await this.#options.storage.chats()) {
        this.touch(id);
      }
      for (const { chatId } of await this.#options.synced.all()) {
        this.touch(chatId);
      }
      this.#hasCompared = true;
    }
    for (const chatId of [...this.#changed]) {
      this.#changed.delete(chatId);
      try {
        await this.#push(chatId);
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) {
          this.touch(chatId); // the next run compares the chat first
          continue;
        }
        // A refusal of this chat alone is decided again when the server's side has changed.
        if (!(error instanceof ApiError && [400, 404, 409, 413].includes(error.status))) {
          this.touch(chatId);
          throw error;
        }
      }
    }
  }

  async #list(): Promise<readonly ThreadItem[] | undefined> {
    try {
      return await this.#options.api.list();
    } catch (error) {
      // A server of an earlier version.
      this.#isUnsupported = error instanceof ApiError && error.status === 404;
      if (!this.#isUnsupported) {
        throw error;
      }
      return undefined;
    }
  }

  /** Adds what the server lacks before this answer. False if the server can't have it. */
  async prepare(answer: AssistantNode, nodes: ChatNodes): Promise<boolean> {
    const chat = await this.#options.storage.chat(answer.chatId);
    if (chat === undefined || this.#isUnsupported) {
      return false;
    }
    try {
      let synced = (await this.#options.synced.get(chat.id)) ?? (await this.#create(chat));
      const before: AssistantNode[] = [];
      for (let { parent } = placeOf(nodes, answer); parent !== undefined; { parent } = placeOf(nodes, parent)) {
        before.unshift(parent);
      }
      for (const each of before) {
        synced = await this.#add(synced, each, nodes);
        if (!synced.turnIds.includes(each.id)) {
          return false;
        }
      }
      return true;
    } catch {
      return false; // the turn is sent without its thread
    }
  }

  async #pull(threads: readonly ThreadItem[]): Promise<void> {
    const { storage, synced } = this.#options;
    const ids = new Set(threads.map(({ id }) => id));
    for (const known of await synced.all()) {
      if (!ids.has(known.chatId)) {
        await this.#forget(known);
      }
    }
    for (const thread of threads) {
      const known = await synced.get(thread.id);
      if (known?.etag === thread.etag) {
        continue;
      }
      const chat = await storage.chat(thread.id);
      if (known !== undefined && chat === undefined) {
        this.touch(thread.id); // deleted here
      } else {
        await this.#merge(thread, known);
      }
    }
  }

  /** The thread was deleted elsewhere: so is the chat, unless it has changed here. */
  async #forget(known: SyncedChat): Promise<void> {
    const { storage, synced, onChanged } = this.#options;
    await synced.remove(known.chatId);
    const nodes = await storage.nodes(known.chatId);
    const isChanged = nodes.some(
      ({ role, id }) => role === "assistant" && !known.turnIds.includes(id) && !known.refused.includes(id),
    );
    if (isChanged) {
      this.touch(known.chatId);
    } else if ((await storage.chat(known.chatId)) !== undefined) {
      await storage.remove(known.chatId);
      await onChanged(known.chatId, []);
    }
  }

  async #merge(item: ThreadItem, known: SyncedChat | undefined): Promise<void> {
    const { api, storage, synced, onChanged } = this.#options;
    const thread = await api.read(item.id);
    const serverIds = thread.turns.map(({ turn_id: id }) => id);
    const knownIds = known?.turnIds ?? [];
    const before = await this.#nodes(item.id);
    const ignored = affectedTurns(thread.turns, before, knownIds, (await storage.chat(item.id))?.moved ?? new Map());
    const wanted = thread.turns
      .filter(({ turn_id: id, status }) => !ignored.deleted.has(id) && lacks(before.get(id), status))
      .map(({ turn_id: id }) => id);
    const first = serverIds.indexOf(wanted[0] ?? "");
    const turns = wanted.length === 0 ? [] : await api.turns(item.id, serverIds[first - 1]);

    // The user may have changed the chat meanwhile. A chat that has lost nodes also has stored where they moved.
    const nodes = await this.#nodes(item.id);
    const chat = await storage.chat(item.id);
    const moved = new Map(chat?.moved);
    const { deleted, moving } = affectedTurns(thread.turns, nodes, knownIds, moved);
    const added: ChatNode[] = [];
    for (const turn of turns.filter(({ turn_id: id }) => wanted.includes(id) && !deleted.has(id))) {
      const placed = moving.has(turn.turn_id) ? movedTurn(turn, nodes, moved) : turn;
      if (placed === undefined) {
        continue;
      }
      if (placed !== turn) {
        moved.set(turn.turn_id, placed.turn_id);
      }
      for (const node of nodesOf(item.id, placed, nodes)) {
        nodes.set(node.id, node);
        added.push(node);
      }
    }
    const deletedThere = knownIds.filter((id) => !serverIds.includes(id) && nodes.has(id));
    const removed = deletedThere.flatMap((id) => removedWith(nodes, id, known));
    const merged = {
      ...mergedChat(item, chat, known, nodes, new Set(removed)),
      ...(moved.size === 0 ? {} : { moved }),
    };
    const isChanged = added.length + removed.length > 0 || JSON.stringify(merged) !== JSON.stringify(chat);
    if (isChanged) {
      await storage.save(merged, added);
    }
    if (removed.length > 0) {
      await storage.removeNodes(merged, removed);
    }
    // Last, and without turns that this browser has not stored: they would count as deleted here.
    const turnIds = serverIds.filter((id) => nodes.has(id) || knownIds.includes(id) || hasPlace(id, nodes, moved));
    await synced.save({
      chatId: item.id,
      ...(turnIds.length === serverIds.length ? { etag: thread.etag } : {}),
      turnIds,
      refused: known?.refused ?? [],
      title: thread.title,
      ...folderOf(thread),
      metadata: JSON.stringify(thread.metadata ?? {}),
    });
    this.touch(item.id); // what only this browser has
    if (isChanged) {
      await onChanged(item.id, removed);
    }
  }

  async #nodes(chatId: string): Promise<Map<string, ChatNode>> {
    return new Map((await this.#options.storage.nodes(chatId)).map((node) => [node.id, node]));
  }

  async #push(chatId: string): Promise<void> {
    const { api, storage, synced } = this.#options;
    const nodes = await this.#nodes(chatId);
    const chat = await storage.chat(chatId);
    let known = await synced.get(chatId);
    if (chat === undefined) {
      if (known !== undefined) {
        await ignoring(404, api.remove(chatId));
        await synced.remove(chatId);
      }
      return;
    }
    const answers = [...nodes.values()].filter((node) => node.role === "assistant");
    if (known === undefined) {
      if (!answers.some(({ turn }) => !isUnfinished(turn))) {
        return;
      }
      known = await this.#create(chat);
    }
    let refusal: ApiError | undefined;
    try {
      for (const answer of answers.sort((a, b) => a.createdAt - b.createdAt)) {
        known = await this.#add(known, answer, nodes);
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
        this.touch(chatId); // they move with the next run, once they have ended
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

  async #create(chat: Chat): Promise<SyncedChat> {
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
  async #add(synced: SyncedChat, answer: AssistantNode, nodes: ChatNodes): Promise<SyncedChat> {
    if (
      synced.turnIds.includes(answer.id) ||
      synced.refused.includes(answer.id) ||
      isUnfinished(answer.turn) ||
      answer.turn.failure?.lost === true
    ) {
      return synced;
    }
    const { parent } = placeOf(nodes, answer);
    if (parent !== undefined) {
      synced = await this.#add(synced, parent, nodes);
      if (!synced.turnIds.includes(parent.id)) {
        return synced;
      }
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

/** Whether the server knows more of a turn than this browser. */
function lacks(node: ChatNode | undefined, status: string): boolean {
  if (node?.role !== "assistant") {
    return true;
  }
  const { failure } = node.turn;
  const isOpen = isUnfinished(node.turn) || failure?.lost === true || failure?.code === "NOT_FOUND";
  return isOpen && status !== "running";
}

/** The turn as a copy in the place to which it moves; undefined while it can't. */
function movedTurn(turn: ThreadTurn, nodes: ChatNodes, moved: MovedAnswers): ThreadTurn | undefined {
  const { parent_turn_id: parent, ...rest } = turn;
  if (turn.status === "running" || parent === undefined || !moved.has(parent)) {
    return undefined;
  }
  const place = newPlaceOf(parent, nodes, moved);
  return { ...rest, turn_id: newId(), ...(place === null ? {} : { parent_turn_id: place }) };
}

/** The nodes that disappear with a turn: its answer, and its message if no other answer follows that. */
function removedWith(nodes: ChatNodes, turnId: string, known: SyncedChat | undefined): string[] {
  const answer = nodes.get(turnId);
  if (answer === undefined) {
    return [];
  }
  const subtree = subtreeOf(nodes, answer);
  const isOurs = (node: ChatNode) => node.role === "assistant" && !known?.turnIds.includes(node.id);
  if (subtree.some(isOurs)) {
    return []; // continued here
  }
  const siblings = [...nodes.values()].filter(({ parentId, id }) => parentId === answer.parentId && id !== answer.id);
  const question = siblings.length === 0 ? nodes.get(answer.parentId ?? "") : undefined;
  return [...subtree.map(({ id }) => id), ...(question?.role === "user" ? [question.id] : [])];
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
