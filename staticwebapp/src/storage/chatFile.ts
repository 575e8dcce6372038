import type { CitationData } from "../api/events";
import { newId } from "../api/ids";
import type { ChatMessage } from "../api/messages";
import { type Assistant, isAssistant } from "../assistants/assistants";
import { readAttachments } from "../attachments/attachment";
import { type Chat, longestTitle } from "../chat/chat";
import type { ModelCall } from "../chat/modelCalls";
import { byId, type ChatNode, userNode } from "../chat/tree";
import { isUnfinished, newTurn, type Part, resumeTurn, type TurnState } from "../chat/turn";
import { readInstructions } from "../folders/folderInstructions";
import { folderName } from "../folders/folders";
import { strings } from "../i18n/strings";
import { isPrompt, type Prompt } from "../prompts/prompts";
import { asArray, asRecord } from "../records";
import { cutText } from "../text";
import type { NewChat } from "./chatStorage";
import { possibleTime } from "./possibleTime";
import type { SavedItem } from "./savedList";

const format = "funcchat/1";

/** What the user keeps on this device under a name. */
export interface SavedItems {
  readonly assistants: readonly Assistant[];
  readonly prompts: readonly Prompt[];
}

export interface ChatFile {
  readonly chats: readonly NewChat[];
  readonly saved: SavedItems;
}

/** Chats with all their branches, and what else the user keeps on this device, as a JSON file. */
export function serializeChats(
  chats: readonly Chat[],
  nodes: readonly ChatNode[],
  saved: Partial<SavedItems> = {},
): string {
  const list = chats.map(({ queued: _, compared: __, moved: ___, ...chat }) => ({
    ...chat,
    nodes: nodes.filter((node) => node.chatId === chat.id).map(withoutInstructions),
  }));
  return JSON.stringify({ format, chats: list, ...saved }, null, 2);
}

/** What the user tells every model about themselves is in them, and whom the file is given to should not read it. */
function withoutInstructions(node: ChatNode): ChatNode {
  if (node.role === "user") {
    return node;
  }
  const { systemPrompt: _, ...options } = node.options;
  return { ...node, options };
}

/**
 * The chats of such a file, with new ids, so that an import never overwrites anything. The file may come from anyone:
 * what is not valid is left out.
 * @throws Error with a sentence for the user when FuncChat did not export the file.
 */
export function parseChats(file: unknown): ChatFile {
  const { format: found, chats, assistants, prompts } = asRecord(file);
  if (found !== format || !Array.isArray(chats)) {
    throw new Error(strings.notExported);
  }
  return {
    chats: chats.filter((chat) => typeof chat === "object" && chat !== null).map((chat) => withNewIds(asRecord(chat))),
    saved: { assistants: itemsOf(assistants, isAssistant), prompts: itemsOf(prompts, isPrompt) },
  };
}

function itemsOf<T extends SavedItem>(list: unknown, isItem: (value: unknown) => value is T): readonly T[] {
  return asArray(list)
    .filter(isItem)
    .map((item) => ({ ...item, id: newId() }));
}

function withNewIds(source: Record<string, unknown>): NewChat {
  const chatId = newId();
  const sources = asArray(source["nodes"]).map(asRecord);
  const ids = new Map(sources.map((node) => [node["id"], newId()]));
  const idOf = (old: unknown) => ids.get(old) ?? null;
  const found = sources.flatMap((node) => {
    const base = {
      id: ids.get(node["id"]) ?? newId(),
      chatId,
      parentId: idOf(node["parentId"]),
      createdAt: time(node["createdAt"]),
    };
    return toNode(base, node);
  });
  const nodes = asTree(found);
  const title = source["title"];
  const folder = typeof source["folder"] === "string" ? folderName(source["folder"]) : undefined;
  const instructions = readInstructions(source["folderInstructions"]);
  return {
    nodes,
    chat: {
      id: chatId,
      title: typeof title === "string" && title !== "" ? cutText(title, longestTitle) : strings.importedChat,
      createdAt: time(source["createdAt"]),
      updatedAt: time(source["updatedAt"]),
      pinned: source["pinned"] === true,
      ...(folder === undefined ? {} : { folder }),
      ...(instructions !== undefined && instructions.folder === folder
        ? { folderInstructions: { ...instructions, changedAt: time(instructions.changedAt) } }
        : {}),
      leafId: idOf(source["leafId"]) ?? nodes.at(-1)?.id ?? null,
    },
  };
}

/** The nodes, each after one of them or at the beginning, and none of them after itself. */
function asTree(nodes: readonly ChatNode[]): readonly ChatNode[] {
  const tree = byId(nodes);
  const placed = new Set<string>();
  for (const { id: first } of nodes) {
    const path = new Set<string>();
    for (let id: string | null = first; id !== null && !placed.has(id); ) {
      path.add(id);
      const node: ChatNode | undefined = tree.get(id);
      const parentId: string | null = node?.parentId ?? null;
      if (node !== undefined && parentId !== null && (path.has(parentId) || !tree.has(parentId))) {
        tree.set(id, { ...node, parentId: null });
        break;
      }
      id = parentId;
    }
    for (const id of path) {
      placed.add(id);
    }
  }
  return [...tree.values()];
}

function toNode(
  base: Pick<ChatNode, "id" | "chatId" | "parentId" | "createdAt">,
  node: Record<string, unknown>,
): ChatNode[] {
  if (node["role"] === "user" && typeof node["text"] === "string") {
    return [userNode(base, node["text"], readAttachments(node["attachments"]))];
  }
  const turn = asRecord(node["turn"]);
  if (node["role"] !== "assistant" || !Array.isArray(turn["parts"])) {
    return [];
  }
  const parts = turn["parts"].map(asRecord).filter(isPart) as unknown as readonly Part[];
  const messages = asArray(turn["messages"]).map(asRecord);
  const restored: TurnState = {
    ...newTurn,
    ...turn,
    parts,
    messages: messages.filter(
      ({ role }) => role === "assistant" || role === "tool",
    ) as unknown as readonly ChatMessage[],
    cited: asArray(turn["cited"]).filter(isCitation),
    calls: asArray(turn["calls"]).filter(isCall),
    openFrom: parts.length,
  };
  const resumed = resumeTurn(restored);
  return [
    {
      ...base,
      role: "assistant",
      options: { tools: [] },
      // A turn under a new id can't be followed: one that was running or lost when it was exported ends here.
      turn: isUnfinished(resumed) ? { ...resumed, status: "stopped" } : restored,
    },
  ];
}

function isCitation(value: unknown): value is CitationData {
  const { number, url, title } = asRecord(value);
  return Number.isInteger(number) && typeof url === "string" && typeof title === "string";
}

function isCall(value: unknown): value is ModelCall {
  const call = asRecord(value);
  const { input_tokens: input, output_tokens: output } = asRecord(call["usage"]);
  return (
    ["phase", "provider", "model", "state"].every((property) => typeof call[property] === "string") &&
    (call["usage"] === undefined || (typeof input === "number" && typeof output === "number"))
  );
}

function isPart(part: Record<string, unknown>): boolean {
  return part["type"] === "tool"
    ? ["id", "name", "arguments", "status"].every((property) => typeof part[property] === "string")
    : (part["type"] === "text" || part["type"] === "reasoning") && typeof part["text"] === "string";
}

function time(value: unknown): number {
  return possibleTime(typeof value === "number" ? value : Number.NaN, Date.now());
}
