import { newId } from "../api/ids";
import type { ToolInfo } from "../api/serverInfo";
import type { Attachment } from "../attachments/attachment";
import { instructionsOf } from "../folders/folderInstructions";
import type { ChatStorage } from "../storage/chatStorage";
import { unlessElsewhere } from "../storage/tabs";
import { type Chat, type ChatOptions, newChat, type QueuedMessage, titleFrom, withoutComparison } from "./chat";
import type { ChatNodeStore } from "./chatNodeStore";
import type { RunningTurns } from "./runningTurns";
import { runningAnswers } from "./shownAnswers";
import { type ChatStateStore, knownChat, nothingChosen } from "./state";
import { type AssistantNode, assistantNode, type TurnOptions, type UserNode, userNode } from "./tree";

export interface MessagesOptions {
  readonly store: ChatNodeStore;
  readonly storage: ChatStorage;
  readonly state: ChatStateStore;
  readonly turns: RunningTurns;
  readonly now: () => number;
  /** Stops answers that are being written. */
  readonly stopAll: (answers: readonly AssistantNode[]) => Promise<void>;
}

interface AskOptions {
  /** Returns which answers are shown side by side, given the ids of the new ones. */
  readonly compared?: (ids: readonly string[]) => readonly string[];
  /** Whether the page goes to the chat. */
  readonly shows?: boolean;
}

/** What users send, and the answers that they ask for. */
export class Messages {
  readonly #options: MessagesOptions;

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** Sends a message at the end of the open chat, or begins a chat with it. */
  async send(text: string, options: TurnOptions, attachments: readonly Attachment[] = []): Promise<void> {
    const now = this.#options.now();
    const { chats, openId, newChatOptions, newChatTemporary, newChatFolder, rival, models, tools } =
      this.#options.state.getState();
    const known = chats.get(openId ?? "");
    const model = options.model ?? models?.find(({ is_default: isDefault }) => isDefault)?.id;
    const chat = known ?? {
      ...newChat(newId(), firstWords(text, attachments), now),
      options: { ...toolsOffIn(tools, options), ...newChatOptions, ...(model === undefined ? {} : { model }) },
      ...(newChatTemporary ? { temporary: true } : inFolder(chats, newChatFolder)),
    };
    const asked = rival === undefined || rival === model ? [options] : [options, { ...options, model: rival }];
    await this.#sendTo(chat, text, asked, attachments);
  }

  /** Keeps a message until the running answer of the open chat is complete. */
  async queue(text: string, options: TurnOptions, attachments: readonly Attachment[] = []): Promise<void> {
    const { openId } = this.#options.state.getState();
    if (openId !== null) {
      await this.#options.store.save({ ...this.#chat(openId), queued: { text, attachments, options } });
    }
  }

  /** Takes the queued message of a chat back. */
  async unqueue(chatId: string): Promise<QueuedMessage | undefined> {
    const { queued, ...chat } = this.#chat(chatId);
    if (queued !== undefined) {
      await this.#options.store.save(chat);
    }
    return queued;
  }

  /** Replaces an earlier message; what followed it stays as another branch. */
  async edit(node: UserNode, text: string, options: TurnOptions): Promise<void> {
    const message = { ...node, id: newId(), text: text.toWellFormed(), createdAt: this.#options.now() };
    const chat = this.#chat(node.chatId);
    const isNamedAfter = node.parentId === null && chat.renamed !== true;
    await this.#ask(
      isNamedAfter ? { ...chat, title: titleFrom(firstWords(text, node.attachments)), titled: false } : chat,
      [message],
      message.id,
      [options],
    );
  }

  /** Asks for another answer in place of this one, which stays as another branch. */
  async regenerate(node: AssistantNode, options: TurnOptions): Promise<void> {
    const chat = this.#chat(node.chatId);
    await this.#ask(chat, [], node.parentId, [options], {
      compared: ([id = ""]) => (chat.compared ?? []).map((each) => (each === node.id ? id : each)),
    });
  }

  /** Asks for another answer, and shows it next to this one. */
  async compare(node: AssistantNode, options: TurnOptions): Promise<void> {
    await this.#ask(this.#chat(node.chatId), [], node.parentId, [options], {
      compared: (ids) => [node.id, ...ids],
    });
  }

  /** Ends a comparison: the chat continues with this answer and its model. The other answers stop, and stay as other branches. */
  async keep(node: AssistantNode): Promise<void> {
    const running = runningAnswers(this.#options.state.getState(), node.chatId).filter(({ id }) => id !== node.id);
    await this.#options.stopAll(running);
    const { model } = node.options;
    const chat = this.#chat(node.chatId);
    await this.#options.store.save({
      ...withoutComparison(chat),
      leafId: node.id,
      options: { ...chat.options, ...(model === undefined ? {} : { model }) },
    });
    await this.sendQueued(node);
  }

  async #sendTo(
    chat: Chat,
    text: string,
    asked: readonly TurnOptions[],
    attachments: readonly Attachment[],
    shows = true,
  ): Promise<void> {
    const base = { id: newId(), chatId: chat.id, parentId: chat.leafId, createdAt: this.#options.now() };
    await this.#ask(chat, [userNode(base, text, attachments)], base.id, asked, { shows });
  }

  /** Sends the message that waited for this answer. One tab does it, whichever follows the turn. */
  async sendQueued({ chatId, turn }: AssistantNode): Promise<void> {
    const shown = this.#options.state.getState().chats.get(chatId);
    if (turn.status !== "complete" || shown?.queued === undefined || shown.compared !== undefined) {
      return;
    }
    await unlessElsewhere(`queue.${chatId}`, async () => {
      const isStored = shown.temporary !== true && this.#options.store.stored(chatId)?.queued !== undefined;
      const isSent = isStored && (await this.#options.storage.chat(chatId))?.queued === undefined; // by another tab
      const current = this.#options.state.getState().chats.get(chatId); // may have changed meanwhile
      if (!isSent && current?.queued !== undefined) {
        const { queued, ...chat } = current;
        await this.#sendTo(chat, queued.text, [queued.options], queued.attachments, false); // without showing the chat
      }
    });
  }

  /** Asks once for each of the options. */
  async #ask(
    chat: Chat,
    message: readonly UserNode[],
    parentId: string | null,
    asked: readonly TurnOptions[],
    { compared = (ids) => ids, shows = true }: AskOptions = {},
  ): Promise<void> {
    const now = this.#options.now();
    const answers = asked.map((options, index) =>
      assistantNode({ id: newId(), chatId: chat.id, parentId, createdAt: now + index }, options),
    );
    const ids = answers.map(({ id }) => id);
    const sideBySide = compared(ids);
    if (shows) {
      this.#options.state.setState({ ...nothingChosen, openId: chat.id, view: "chat" });
    }
    const stored = this.#options.store.save(
      {
        ...withoutComparison(chat),
        leafId: ids[0] ?? null,
        updatedAt: now,
        ...(sideBySide.length > 1 ? { compared: sideBySide } : {}),
      },
      [...message, ...answers],
    );
    for (const answer of answers) {
      void this.#options.turns.follow(answer, stored);
    }
    await stored;
  }

  #chat(chatId: string): Chat {
    return knownChat(this.#options.state, chatId);
  }
}

/** The tools that a new chat begins without, so that the choice in another chat does not change them. */
function toolsOffIn(tools: readonly ToolInfo[] | undefined, options: TurnOptions): ChatOptions {
  const off = tools?.map(({ name }) => name).filter((name) => !options.tools.includes(name));
  return off === undefined ? {} : { toolsOff: off };
}

function inFolder(chats: ReadonlyMap<string, Chat>, folder: string | undefined): Partial<Chat> {
  const folderInstructions = instructionsOf(chats.values(), folder);
  return {
    ...(folder === undefined ? {} : { folder }),
    ...(folderInstructions === undefined ? {} : { folderInstructions }),
  };
}

/** What a chat that begins with the message is named after. */
function firstWords(text: string, attachments: readonly Attachment[] = []): string {
  return text.trim() === "" ? (attachments[0]?.name ?? "") : text;
}
