import { type Backoff, within } from "../api/backoff";
import type { ChatApi } from "../api/client";
import { errorText } from "../api/problem";
import type { TurnSignal } from "../api/requests";
import { strings } from "../i18n/strings";
import { currentModelId } from "../settings/chatSettings";
import { settings } from "../settings/settings";
import type { ChatStorage, UnsavedChange } from "../storage/chatStorage";
import { type Tabs, unlessElsewhere } from "../storage/tabs";
import { type Chat, type ChatOptions, withoutComparison } from "./chat";
import { ChatCollection } from "./chatCollection";
import { ChatNodeStore } from "./chatNodeStore";
import { nameChat, type TitleOf } from "./chatTitles";
import { Deletions } from "./deletions";
import { forkOf } from "./fork";
import type { Schedule } from "./frames";
import { Messages } from "./messages";
import { RunningTurns } from "./runningTurns";
import { runningAnswers } from "./shownAnswers";
import { type ChatStateStore, knownChat, nothingChosen, type View } from "./state";
import { type SuggestionsFor, suggestNext } from "./suggestions";
import { type AssistantNode, branchTo, type ChatNode, newestLeaf } from "./tree";
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
  /** Called when an answer begins to wait for the user. */
  readonly onWaiting?: (node: AssistantNode) => void;
  /** Absent keeps the first lines of messages as titles. */
  readonly titleOf?: TitleOf;
  /** Absent suggests nothing. */
  readonly suggestionsFor?: SuggestionsFor;
  readonly now?: () => number;
  readonly schedule?: Schedule;
  readonly backoff?: Backoff;
}

/** The chats whose messages stay in memory. */
const mostLoaded = 10;

/** How long a deletion waits until answers have stopped on the server. */
const stopMs = 1_000;

/** What users do in chats. */
export class Conversations {
  readonly messages: Messages;
  readonly chats: ChatCollection;
  readonly deletions: Deletions;
  readonly #options: ConversationsOptions;
  readonly #store: ChatNodeStore;
  readonly #turns: RunningTurns;
  readonly #now: () => number;
  /** Resolves when this browser's chats are read. */
  #read = Promise.resolve();
  /** The chats that were opened last, the last one first. */
  #recent: readonly string[] = [];

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#store = new ChatNodeStore(options);
    this.#turns = new RunningTurns({
      ...options,
      store: this.#store,
      now: this.#now,
      attachmentRoom: () => roomFor(options.state.getState().limits.maxBodyBytes),
      onWaiting: (node) => options.onWaiting?.(node),
      onEnded: (node) => {
        options.onEnded?.(node);
        void this.messages.sendQueued(node);
        void nameChat(node, this.#store, options);
        void suggestNext(node, this.#store, options);
      },
    });
    this.messages = new Messages({
      ...options,
      store: this.#store,
      turns: this.#turns,
      now: this.#now,
      stopAll: (answers) => this.#stopEach(answers),
    });
    this.chats = new ChatCollection({
      ...options,
      store: this.#store,
      now: this.#now,
      stopAll: (chatId) => this.#stopAll(chatId),
    });
    this.deletions = new Deletions({ ...options, store: this.#store, stopAll: (answers) => this.#stopEach(answers) });
    options.state.subscribe(() => this.#endComparison());
    settings.subscribe(() => this.#endComparison());
  }

  /** Drops the second model once it is the chat's own, however that was chosen: the message would go to it twice. */
  #endComparison(): void {
    const now = this.#options.state.getState();
    if (now.rival !== undefined && now.rival === currentModelId(now, now.openId)) {
      this.#options.state.setState({ rival: undefined });
    }
  }

  /** Reads this browser's chats, and resumes what was running when a page was closed. */
  async start(): Promise<void> {
    const { storage, state } = this.#options;
    this.#read = storage.chats().then((chats) => {
      state.setState({ chats: new Map(chats.map((chat) => [chat.id, chat])), ready: true });
    });
    await this.#read;
    for (const chatId of await storage.runningChats()) {
      // Also where another tab follows it: the chat is marked while it waits for the user.
      const loaded = this.#store.load(chatId);
      void unlessElsewhere(`chat.${chatId}`, async () => {
        await loaded;
        await this.#followAll(chatId);
      });
    }
  }

  /** What storage has not confirmed yet. */
  unsaved(): readonly UnsavedChange[] {
    return this.#store.unsaved();
  }

  /** Shows a chat, or with null an empty one that is about to begin; at one of its messages, if given. */
  async open(chatId: string | null, targetId?: string): Promise<void> {
    const { openId: left, chats } = this.#options.state.getState();
    this.#options.state.setState({ ...nothingChosen, openId: chatId, view: "chat", targetId });
    if (left !== null && left !== chatId && chats.get(left)?.temporary === true) {
      await this.#stopAll(left);
      this.#store.forget(left);
    }
    if (chatId !== null) {
      await this.#store.load(chatId);
      await this.#showBranchOf(chatId, targetId);
      void this.#followAll(chatId);
    }
    this.#recent = [...new Set([chatId, left, ...this.#recent])].filter((id) => id !== null).slice(0, mostLoaded);
    this.#store.unloadBut(new Set(this.#recent));
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
    await this.#read; // which may be older than the change
    let shown: Chat | undefined;
    let chat: Chat | undefined;
    do {
      shown = state.getState().chats.get(chatId);
      chat = await storage.chat(chatId);
    } while (state.getState().chats.get(chatId) !== shown); // the user has changed it, which the next reading finds
    if (chat === undefined && this.#store.isNew(chatId)) {
      return; // storage has not accepted it yet
    }
    if (shown !== undefined && shown.folder !== chat?.folder) {
      await this.chats.keepInstructions([shown]);
    }
    if (chat === undefined) {
      await this.#stopAll(chatId);
      this.#store.forget(chatId);
      return;
    }
    this.#store.reload(chat);
    this.#store.drop(chatId, removed);
    // What another tab follows is marked in the list while it waits for the user.
    if (state.getState().nodes.has(chatId) || (await storage.runningChats()).includes(chatId)) {
      await this.#store.load(chatId);
    }
    if (state.getState().openId === chatId) {
      // A turn without an event is still being started by the tab that changed the chat.
      void this.#followAll(chatId, (node) => node.turn.lastEventId > 0 || node.turn.status === "running");
    }
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

  /**
   * Answers a request of a turn.
   * @param approvedTool A tool whose later calls in this chat need no approval.
   * @returns Whether the server has accepted the answer.
   */
  async answer({ id, chatId }: AssistantNode, signal: TurnSignal, approvedTool?: string): Promise<boolean> {
    try {
      await this.#turns.answer(id, signal);
    } catch (error) {
      this.#options.onTrouble(errorText(error, strings.answerFailed));
      return false;
    }
    const approved = this.#chat(chatId).options?.approvedTools ?? [];
    if (approvedTool !== undefined && !approved.includes(approvedTool)) {
      await this.chats.configure(chatId, { approvedTools: [...approved, approvedTool] });
    }
    return true;
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

  /** The target may be on another branch than the one that is shown. */
  async #showBranchOf(chatId: string, targetId: string | undefined): Promise<void> {
    const nodes = this.#store.nodes(chatId);
    const target = nodes.get(targetId ?? "");
    const leafId = this.#options.state.getState().chats.get(chatId)?.leafId ?? null;
    if (target !== undefined && !branchTo(nodes, leafId).includes(target)) {
      await this.select(target);
    }
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
    await this.#stopEach(this.#store.answers(chatId).filter((node) => isUnfinished(node.turn)));
  }

  /** Stops answers here, and on the server as far as it responds soon: what the user does next does not wait for a network that hangs. */
  async #stopEach(answers: readonly ChatNode[]): Promise<void> {
    await within(stopMs, Promise.all(answers.map(({ id }) => this.stop(id))));
  }

  #chat(chatId: string): Chat {
    return knownChat(this.#options.state, chatId);
  }
}

/** The rest of the body is for the text of the conversation. */
function roomFor(maxBodyBytes: number | undefined): number {
  return maxBodyBytes === undefined ? Number.POSITIVE_INFINITY : 0.8 * maxBodyBytes;
}
