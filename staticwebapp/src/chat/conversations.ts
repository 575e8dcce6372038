import type { Backoff } from "../api/backoff";
import type { ChatApi, ToolInfo, TurnSignal } from "../api/client";
import { newId } from "../api/ids";
import { errorText } from "../api/problem";
import type { Attachment } from "../attachments/attachment";
import { strings } from "../i18n/strings";
import type { ChatStorage } from "../storage/chatStorage";
import { type Tabs, unlessElsewhere } from "../storage/tabs";
import { type Chat, type ChatOptions, newChat, type QueuedMessage, titleFrom } from "./chat";
import { ChatNodeStore } from "./chatNodeStore";
import { nameChat, type TitleOf } from "./chatTitles";
import { deleteExchange } from "./exchange";
import { forkOf } from "./fork";
import type { Schedule } from "./frames";
import { RunningTurns } from "./runningTurns";
import { runningAnswers } from "./shownAnswers";
import { type ChatStateStore, type View, withEntry } from "./state";
import {
  type AssistantNode,
  assistantNode,
  branchTo,
  type ChatNode,
  newestLeaf,
  siblingsOf,
  subtreeOf,
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
  /** Called with what the user should know and no message shows, such as a full disk. */
  readonly onTrouble: (what: string) => void;
  /** Called when a turn ends that this page followed. */
  readonly onEnded?: (node: AssistantNode) => void;
  /** Absent keeps the first lines of messages as titles. */
  readonly titleOf?: TitleOf;
  readonly now?: () => number;
  readonly schedule?: Schedule;
  readonly backoff?: Backoff;
}

/** What users do with chats. */
export class Conversations {
  readonly #options: ConversationsOptions;
  readonly #store: ChatNodeStore;
  readonly #turns: RunningTurns;
  readonly #now: () => number;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#store = new ChatNodeStore(options);
    this.#turns = new RunningTurns({
      ...options,
      store: this.#store,
      now: this.#now,
      attachmentRoom: () => roomFor(options.state.getState().limits.maxBodyBytes),
      onEnded: (node) => {
        options.onEnded?.(node);
        void this.#sendQueued(node);
        void nameChat(node, this.#store, options);
      },
    });
  }

  /** Reads this browser's chats, and resumes what was running when a page was closed. */
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

  /** Shows a chat, or with null an empty one that is about to begin; at one of its messages, if given. */
  async open(chatId: string | null, targetId?: string): Promise<void> {
    const { openId: left, chats } = this.#options.state.getState();
    this.#options.state.setState({
      openId: chatId,
      view: "chat",
      targetId,
      newChatOptions: {},
      newChatTemporary: false,
      newChatFolder: undefined,
      rival: undefined,
    });
    if (left !== null && left !== chatId && chats.get(left)?.temporary === true) {
      await this.#stopAll(left);
      this.#store.forget(left);
    }
    if (chatId !== null) {
      await this.#store.load(chatId);
      await this.#showBranchOf(chatId, targetId);
      void this.#followAll(chatId);
    }
  }

  /** Replaces what was chosen for the chat that is about to begin. */
  startWith(options: ChatOptions): void {
    this.#options.state.setState({ newChatOptions: options });
  }

  /** Shows an empty chat that begins in a folder. */
  async openIn(folder: string): Promise<void> {
    await this.open(null);
    this.#options.state.setState({ newChatFolder: folder });
  }

  /** Decides whether the chat that is about to begin is temporary. */
  makeTemporary(temporary: boolean): void {
    this.#options.state.setState({ newChatTemporary: temporary });
  }

  /** Decides which second model the next message also goes to; undefined for none. */
  compareNext(model: string | undefined): void {
    this.#options.state.setState({ rival: model });
  }

  /** Shows something other than chats; the open chat stays open. */
  navigate(view: View): void {
    this.#options.state.setState({ view });
  }

  /** Shows the chat of a link, which the user may have chosen to continue before signing in. */
  showShared(sharedId: string, continuesShared = false): void {
    this.#options.state.setState({ view: "shared", sharedId, continuesShared });
  }

  /** Whether the user has chosen to continue the chat of the link; true once. */
  takeContinuation(): boolean {
    const { continuesShared } = this.#options.state.getState();
    this.#options.state.setState({ continuesShared: false });
    return continuesShared;
  }

  /** Another tab, or the sync with the server, changed the chat, and removed these of its nodes. */
  async reload(chatId: string, removed: readonly string[] = []): Promise<void> {
    const { storage, state } = this.#options;
    const chat = await storage.chat(chatId);
    if (chat === undefined) {
      await this.#stopAll(chatId);
      this.#store.forget(chatId);
      return;
    }
    state.setState(({ chats }) => ({ chats: withEntry(chats, chatId, chat) }));
    this.#store.drop(chatId, removed);
    if (state.getState().nodes.has(chatId)) {
      await this.#store.load(chatId);
    }
    if (state.getState().openId === chatId) {
      // A turn without an event is still being started by the tab that changed the chat.
      void this.#followAll(chatId, (node) => node.turn.lastEventId > 0 || node.turn.status === "running");
    }
  }

  /** Sends a message at the end of the open chat, or begins a chat with it. */
  async send(text: string, options: TurnOptions, attachments: readonly Attachment[] = []): Promise<void> {
    const now = this.#now();
    const { chats, openId, newChatOptions, newChatTemporary, newChatFolder, rival, models, tools } =
      this.#options.state.getState();
    const known = chats.get(openId ?? "");
    const model = options.model ?? models?.find(({ is_default: isDefault }) => isDefault)?.id;
    const chat = known ?? {
      ...newChat(newId(), text.trim() === "" ? (attachments[0]?.name ?? "") : text, now),
      options: { ...toolsOffIn(tools, options), ...newChatOptions, ...(model === undefined ? {} : { model }) },
      ...(newChatTemporary ? { temporary: true } : newChatFolder === undefined ? {} : { folder: newChatFolder }),
    };
    const asked = rival === undefined ? [options] : [options, { ...options, model: rival }];
    await this.#sendTo(chat, text, asked, attachments);
  }

  /** Keeps a message until the running answer of the open chat is complete. */
  async queue(text: string, options: TurnOptions, attachments: readonly Attachment[] = []): Promise<void> {
    const { openId } = this.#options.state.getState();
    if (openId !== null) {
      await this.#store.save({ ...this.#chat(openId), queued: { text, attachments, options } });
    }
  }

  /** Takes the queued message of a chat back. */
  async unqueue(chatId: string): Promise<QueuedMessage | undefined> {
    const { queued, ...chat } = this.#chat(chatId);
    if (queued !== undefined) {
      await this.#store.save(chat);
    }
    return queued;
  }

  /** Replaces an earlier message; what followed it stays as another branch. */
  async edit(node: UserNode, text: string, options: TurnOptions): Promise<void> {
    const message = { ...node, id: newId(), text, createdAt: this.#now() };
    const chat = this.#chat(node.chatId);
    const isNamedAfter = node.parentId === null && chat.renamed !== true;
    await this.#ask(isNamedAfter ? { ...chat, title: titleFrom(text), titled: false } : chat, [message], message.id, [
      options,
    ]);
  }

  /** Asks for another answer in place of this one, which stays as another branch. */
  async regenerate(node: AssistantNode, options: TurnOptions): Promise<void> {
    const chat = this.#chat(node.chatId);
    await this.#ask(chat, [], node.parentId, [options], ([id = ""]) =>
      (chat.compared ?? []).map((each) => (each === node.id ? id : each)),
    );
  }

  /** Asks for another answer, and shows it next to this one. */
  async compare(node: AssistantNode, options: TurnOptions): Promise<void> {
    await this.#ask(this.#chat(node.chatId), [], node.parentId, [options], (ids) => [node.id, ...ids]);
  }

  /** Ends a comparison: the chat continues with this answer and its model. The other answers stop, and stay as other branches. */
  async keep(node: AssistantNode): Promise<void> {
    const running = runningAnswers(this.#options.state.getState(), node.chatId).filter(({ id }) => id !== node.id);
    await Promise.all(running.map(({ id }) => this.stop(id)));
    const { model } = node.options;
    const chat = this.#chat(node.chatId);
    await this.#store.save({
      ...withoutComparison(chat),
      leafId: node.id,
      options: { ...chat.options, ...(model === undefined ? {} : { model }) },
    });
    await this.#sendQueued(node);
  }

  /** Resumes an answer that was given up because the server could not be reached. */
  resume(node: AssistantNode): void {
    void this.#turns.follow(node);
  }

  async stop(turnId: string): Promise<void> {
    try {
      await this.#turns.stop(turnId);
    } catch {
      this.#options.onTrouble(strings.stopUnconfirmed);
    }
  }

  /** Stops what is being written at the end of a chat. */
  async stopAnswers(chatId: string): Promise<void> {
    await Promise.all(runningAnswers(this.#options.state.getState(), chatId).map(({ id }) => this.stop(id)));
  }

  /** Answers a request of a turn. `approvedTool` is a tool whose later calls in this chat need no approval. */
  async answer({ id, chatId }: AssistantNode, signal: TurnSignal, approvedTool?: string): Promise<void> {
    try {
      await this.#turns.answer(id, signal);
    } catch (error) {
      this.#options.onTrouble(errorText(error, strings.answerFailed));
      return;
    }
    const approved = this.#chat(chatId).options?.approvedTools ?? [];
    if (approvedTool !== undefined && !approved.includes(approvedTool)) {
      await this.configure(chatId, { approvedTools: [...approved, approvedTool] });
    }
  }

  /** Shows the branch that leads through the node. */
  async select(node: ChatNode): Promise<void> {
    await this.#store.save({
      ...withoutComparison(this.#chat(node.chatId)),
      leafId: newestLeaf(this.#store.nodes(node.chatId), node.id),
    });
  }

  /** Copies the chat up to the node into a chat of its own, and opens it. */
  async fork(node: ChatNode): Promise<void> {
    const { chat, nodes } = forkOf(this.#chat(node.chatId), this.#store.nodes(node.chatId), node, this.#now());
    await this.#store.save(chat, nodes);
    await this.open(chat.id);
  }

  /** Deletes a message and what follows it on all branches, and returns a function that puts it back. */
  async deleteFrom(node: ChatNode): Promise<{ count: number; undo: () => Promise<void> }> {
    const { leafId } = this.#chat(node.chatId);
    await this.#stopFrom(node);
    const nodes = this.#store.nodes(node.chatId);
    const deleted = subtreeOf(nodes, node);
    const alternative = siblingsOf(nodes, node).findLast(({ id }) => id !== node.id);
    const chat = {
      ...withoutComparison(this.#chat(node.chatId)),
      leafId: alternative === undefined ? node.parentId : newestLeaf(nodes, alternative.id),
    };
    await this.#store.removeNodes(
      chat,
      deleted.map(({ id }) => id),
    );
    return { count: deleted.length, undo: () => this.#store.save({ ...this.#chat(node.chatId), leafId }, deleted) };
  }

  /** Deletes a message and its answers, but not what follows them, and returns a function that puts them back. */
  async deleteExchange(question: UserNode): Promise<{ count: number; undo: () => Promise<void> }> {
    await this.#stopFrom(question);
    return deleteExchange(question, this.#store, () => this.#chat(question.chatId));
  }

  /** Stops what is being written at a node or after it, on all branches. */
  async #stopFrom(node: ChatNode): Promise<void> {
    const running = subtreeOf(this.#store.nodes(node.chatId), node).filter(
      (each) => each.role === "assistant" && isUnfinished(each.turn),
    );
    await Promise.all(running.map(({ id }) => this.stop(id)));
  }

  /** Changes what applies to one chat, or with null to the one that is about to begin. */
  async configure(chatId: string | null, changes: ChatOptions): Promise<void> {
    if (chatId === null) {
      this.#options.state.setState(({ newChatOptions }) => ({ newChatOptions: { ...newChatOptions, ...changes } }));
      return;
    }
    const chat = this.#chat(chatId);
    await this.#store.save({ ...chat, options: { ...chat.options, ...changes } });
  }

  /** The target may be on another branch than the one that is shown. */
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
    await this.#store.save({ ...chat, title: title.trim() || chat.title, renamed: true });
  }

  async pin(chatId: string, pinned: boolean): Promise<void> {
    await this.#store.save({ ...this.#chat(chatId), pinned });
  }

  /** Moves chats to a folder, or with undefined out of theirs. */
  async move(chatIds: readonly string[], folder: string | undefined): Promise<void> {
    for (const id of chatIds) {
      const known = this.#options.state.getState().chats.get(id);
      if (known !== undefined && known.folder !== folder) {
        const { folder: _, ...chat } = known;
        await this.#store.save(folder === undefined ? chat : { ...chat, folder });
      }
    }
  }

  /** Deletes the chat and returns what was deleted, so that it can be put back. */
  async remove(chatId: string): Promise<{ chat: Chat; nodes: readonly ChatNode[] }> {
    const chat = this.#chat(chatId);
    await this.#store.load(chatId);
    await this.#stopAll(chatId);
    const nodes = [...this.#store.nodes(chatId).values()];
    await this.#store.remove(chatId);
    return { chat, nodes };
  }

  /** Deletes all chats for good. */
  async removeAll(): Promise<void> {
    for (const id of [...this.#options.state.getState().chats.keys()]) {
      await this.remove(id);
    }
  }

  /** Adds a chat from a file, or puts back a deleted one. */
  async add(chat: Chat, nodes: readonly ChatNode[]): Promise<void> {
    await this.#store.save(chat, nodes);
  }

  async #sendTo(
    chat: Chat,
    text: string,
    asked: readonly TurnOptions[],
    attachments: readonly Attachment[],
  ): Promise<void> {
    const base = { id: newId(), chatId: chat.id, parentId: chat.leafId, createdAt: this.#now() };
    await this.#ask(chat, [userNode(base, text, attachments)], base.id, asked);
  }

  /** Sends the message that waited for this answer. One tab does it, whichever follows the turn. */
  async #sendQueued({ chatId, turn }: AssistantNode): Promise<void> {
    const shown = this.#options.state.getState().chats.get(chatId);
    if (turn.status !== "complete" || shown?.queued === undefined || shown.compared !== undefined) {
      return;
    }
    await unlessElsewhere(`queue.${chatId}`, async () => {
      const stored = shown.temporary === true ? shown : await this.#options.storage.chat(chatId);
      if (stored?.queued !== undefined) {
        const { queued, ...chat } = stored;
        await this.#sendTo(chat, queued.text, [queued.options], queued.attachments);
      }
    });
  }

  /** Asks once for each of the options. `compared` returns which answers are shown side by side, given the ids of the new ones. */
  async #ask(
    chat: Chat,
    message: readonly UserNode[],
    parentId: string | null,
    asked: readonly TurnOptions[],
    compared: (ids: readonly string[]) => readonly string[] = (ids) => ids,
  ): Promise<void> {
    const now = this.#now();
    const answers = asked.map((options, index) =>
      assistantNode({ id: newId(), chatId: chat.id, parentId, createdAt: now + index }, options),
    );
    const ids = answers.map(({ id }) => id);
    const sideBySide = compared(ids);
    const { openId } = this.#options.state.getState();
    // A queued message is sent wherever the user is by now.
    if (openId === null || openId === chat.id) {
      this.#options.state.setState({
        openId: chat.id,
        view: "chat",
        targetId: undefined,
        newChatOptions: {},
        newChatTemporary: false,
        newChatFolder: undefined,
        rival: undefined,
      });
    }
    const stored = this.#store.save(
      {
        ...withoutComparison(chat),
        leafId: ids[0] ?? null,
        updatedAt: now,
        ...(sideBySide.length > 1 ? { compared: sideBySide } : {}),
      },
      [...message, ...answers],
    );
    for (const answer of answers) {
      void this.#turns.follow(answer, stored);
    }
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

/** The tools that a new chat begins without, so that the choice in another chat does not change them. */
function toolsOffIn(tools: readonly ToolInfo[] | undefined, options: TurnOptions): ChatOptions {
  const off = tools?.map(({ name }) => name).filter((name) => !options.tools.includes(name));
  return off === undefined ? {} : { toolsOff: off };
}

function withoutComparison({ compared: _, ...chat }: Chat): Chat {
  return chat;
}

/** The rest of the body is for the text of the conversation. */
function roomFor(maxBodyBytes: number | undefined): number {
  return maxBodyBytes === undefined ? Number.POSITIVE_INFINITY : 0.8 * maxBodyBytes;
}
