import type { Backoff } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { newId } from "../api/ids";
import type { ChatStorage } from "../storage/chatStorage";
import { type Tabs, unlessElsewhere } from "../storage/tabs";
import { type Chat, newChat } from "./chat";
import { ChatNodeStore } from "./chatNodeStore";
import type { Schedule } from "./frames";
import { RunningTurns } from "./runningTurns";
import { type ChatStateStore, type View, withEntry } from "./state";
import {
  type AssistantNode,
  assistantNode,
  branchTo,
  type ChatNode,
  newestLeaf,
  type TurnOptions,
  type UserNode,
  userNode,
} from "./tree";
import { isUnfinished } from "./turn";

export interface ConversationsOptions {
  readonly api: ChatApi;
  readonly storage: ChatStorage;
  readonly state: ChatStateStore;
  readonly tabs: Pick<Tabs, "changed">;
  /** Told of what a person should know and no message shows, such as a full disk. */
  readonly onTrouble: (what: string) => void;
  /** Told when a turn failed that this page followed. */
  readonly onFailed?: (node: AssistantNode) => void;
  readonly now?: () => number;
  readonly schedule?: Schedule;
  readonly backoff?: Backoff;
}

/** What people do with chats. */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #store: ChatNodeStore;
  readonly #turns: RunningTurns;
  readonly #now: () => number;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#store = new ChatNodeStore(options);
    this.#turns = new RunningTurns({ ...options, store: this.#store, now: this.#now });
  }

  /** Reads this browser's chats, and follows again what was under way when a page was closed. */
  async start(): Promise<void> {
    const { storage, state } = this.#options;
    const chats = await storage.chats();
    state.setState({ chats: new Map(chats.map((chat) => [chat.id, chat])), ready: true });
    for (const chatId of await storage.runningChats()) {
      void unlessElsewhere(`chat.${chatId}`, async () => {
        await this.#store.load(chatId);
        await this.#followAll(chatId);
      });
    }
  }

  /** Shows a chat, or with null an empty one that has yet to begin; a message of it, where one is target. */
  async open(chatId: string | null, targetId?: string): Promise<void> {
    this.#options.state.setState({ openId: chatId, view: "chat", targetId });
    if (chatId !== null) {
      await this.#store.load(chatId);
      await this.#showBranchOf(chatId, targetId);
      void this.#followAll(chatId);
    }
  }

  /** Shows something else than chats; the chat that is open stays so. */
  navigate(view: View): void {
    this.#options.state.setState({ view });
  }

  /** Another tab changed the chat. */
  async reload(chatId: string): Promise<void> {
    const { storage, state } = this.#options;
    const chat = await storage.chat(chatId);
    if (chat === undefined) {
      await this.#stopAll(chatId);
      this.#store.forget(chatId);
      return;
    }
    state.setState(({ chats }) => ({ chats: withEntry(chats, chatId, chat) }));
    if (state.getState().nodes.has(chatId)) {
      await this.#store.load(chatId);
    }
    if (state.getState().openId === chatId) {
      // A turn without an event is still being started by the tab that changed the chat.
      void this.#followAll(chatId, (node) => node.turn.lastEventId > 0);
    }
  }

  /** Says something at the end of the open chat, or begins a chat with it. */
  async send(text: string, options: TurnOptions): Promise<void> {
    const now = this.#now();
    const { chats, openId } = this.#options.state.getState();
    const chat = chats.get(openId ?? "") ?? newChat(newId(), text, now);
    const question = userNode({ id: newId(), chatId: chat.id, parentId: chat.leafId, createdAt: now }, text);
    await this.#ask(chat, [question], question.id, options);
  }

  /** Says something else in place of an earlier message; what followed it stays as another branch. */
  async edit(node: UserNode, text: string, options: TurnOptions): Promise<void> {
    const question = { ...node, id: newId(), text, createdAt: this.#now() };
    await this.#ask(this.#chat(node.chatId), [question], question.id, options);
  }

  /** Asks for another answer in place of this one, which stays as another branch. */
  async regenerate(node: AssistantNode, options: TurnOptions): Promise<void> {
    await this.#ask(this.#chat(node.chatId), [], node.parentId, options);
  }

  /** Goes on following an answer that was given up because the server could not be reached. */
  resume(node: AssistantNode): void {
    void this.#turns.follow(node);
  }

  async stop(turnId: string): Promise<void> {
    try {
      await this.#turns.stop(turnId);
    } catch {
      this.#options.onTrouble("Stopped here, but the server could not be told. It may go on for a while.");
    }
  }

  /** Shows the branch that leads through the node. */
  async select(node: ChatNode): Promise<void> {
    await this.#store.save({
      ...this.#chat(node.chatId),
      leafId: newestLeaf(this.#store.nodes(node.chatId), node.id),
    });
  }

  /** Another branch than the one that is shown may hold what is target. */
  async #showBranchOf(chatId: string, targetId: string | undefined): Promise<void> {
    const nodes = this.#store.nodes(chatId);
    const target = nodes.get(targetId ?? "");
    const leafId = this.#options.state.getState().chats.get(chatId)?.leafId ?? null;
    if (target !== undefined && !branchTo(nodes, leafId).includes(target)) {
      await this.select(target);
    }
  }

  async rename(chatId: string, title: string): Promise<void> {
    const chat = this.#chat(chatId);
    await this.#store.save({ ...chat, title: title.trim() || chat.title });
  }

  async pin(chatId: string, pinned: boolean): Promise<void> {
    await this.#store.save({ ...this.#chat(chatId), pinned });
  }

  /** Deletes the chat and gives back what was deleted, for a change of mind. */
  async remove(chatId: string): Promise<{ chat: Chat; nodes: readonly ChatNode[] }> {
    const chat = this.#chat(chatId);
    await this.#store.load(chatId);
    await this.#stopAll(chatId);
    const nodes = [...this.#store.nodes(chatId).values()];
    await this.#store.remove(chatId);
    return { chat, nodes };
  }

  /** Takes in a chat from a file, or puts back one that was deleted. */
  async add(chat: Chat, nodes: readonly ChatNode[]): Promise<void> {
    await this.#store.save(chat, nodes);
  }

  async #ask(chat: Chat, question: readonly UserNode[], parentId: string | null, options: TurnOptions): Promise<void> {
    const now = this.#now();
    const answer = assistantNode({ id: newId(), chatId: chat.id, parentId, createdAt: now }, options);
    this.#options.state.setState({ openId: chat.id, view: "chat", targetId: undefined });
    const stored = this.#store.save({ ...chat, leafId: answer.id, updatedAt: now }, [...question, answer]);
    void this.#turns.follow(answer, stored);
    await stored;
  }

  async #followAll(chatId: string, which: (node: AssistantNode) => boolean = () => true): Promise<void> {
    await Promise.all(
      this.#store
        .answers(chatId)
        .filter(which)
        .map((node) => this.#turns.follow(node)),
    );
  }

  async #stopAll(chatId: string): Promise<void> {
    const running = this.#store.answers(chatId).filter((node) => isUnfinished(node.turn));
    await Promise.all(running.map((node) => this.stop(node.id)));
  }

  #chat(chatId: string): Chat {
    const chat = this.#options.state.getState().chats.get(chatId);
    if (chat === undefined) {
      throw new Error(`There is no chat ${chatId}.`);
    }
    return chat;
  }
}
