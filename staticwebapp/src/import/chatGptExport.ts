import { newId } from "../api/ids";
import { longestTitle, newChat, titleFrom } from "../chat/chat";
import { completeAnswer } from "../chat/completeAnswer";
import { type ChatNode, newestLeaf, userNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { asRecord } from "../records";
import type { NewChat } from "../storage/chatStorage";
import { possibleTime } from "../storage/possibleTime";
import { cutText } from "../text";
import { textOfMessage } from "./chatGptMessage";

const mostText = 300_000_000;

/** Whether a JSON file is a list of conversations that ChatGPT exported, or one of them. */
export function isChatGptExport(file: unknown): boolean {
  return conversationsIn(file).length > 0;
}

/**
 * The chats of the files of a data export of ChatGPT. A conversation is a tree there too, in which each message, call of a tool, and result is a node: what the
 * assistant writes up to the next message of the user becomes one answer, without the calls and results. The file may come from anyone.
 * @throws Error with a sentence for the user when the files have too much text.
 */
export function chatsOfExport(files: readonly unknown[], now: number, most = mostText): readonly NewChat[] {
  let length = 0;
  const onText = (added: number) => {
    length += added;
    if (length > most) {
      throw new Error(strings.importTooLarge);
    }
  };
  return files
    .flatMap(conversationsIn)
    .map((conversation) => chatOf(conversation, now, onText))
    .filter(({ nodes }) => nodes.length > 0);
}

type Fields = Record<string, unknown>;

function conversationsIn(file: unknown): readonly Fields[] {
  return (Array.isArray(file) ? file : [file]).map(asRecord).filter(({ mapping }) => isObject(mapping));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the assistant has written since the last message of the user. */
interface Answer {
  /** The user's message; null where the conversation begins with the answer. */
  readonly questionId: string | null;
  readonly text: string;
  /** What precedes the text in the same answer. */
  readonly before?: Answer | undefined;
  readonly createdAt: number;
  /** The id of the node once it is added: it is added where it ends, and once for all messages that follow it. */
  nodeId?: string;
}

/** Where the tree continues: after a message of the user or the beginning, or with an answer that may not be complete. */
type Place = { readonly parentId: string | null; readonly answer?: undefined } | { readonly answer: Answer };

/** @param onText Called with the length of each answer: answers that branch repeat what they have in common. */
function chatOf(conversation: Fields, now: number, onText: (length: number) => void): NewChat {
  const started = timeOf(conversation["create_time"], now);
  const chatId = newId();
  const nodes = new Map<string, ChatNode>();
  const places = new Map<string, Place>();
  const add = (node: ChatNode) => {
    nodes.set(node.id, node);
    return node.id;
  };

  const idAt = (place: Place): string | null => {
    const { answer } = place;
    if (answer === undefined) {
      return place.parentId;
    }
    if (answer.nodeId === undefined) {
      const { createdAt } = answer;
      const text = wholeText(answer);
      onText(text.length + 1);
      // An answer belongs to a message.
      const parentId =
        answer.questionId ??
        add(userNode({ id: newId(), chatId, parentId: null, createdAt }, strings.importedWithoutQuestion));
      answer.nodeId = add(completeAnswer({ id: newId(), chatId, parentId, createdAt }, text));
    }
    return answer.nodeId;
  };

  const { children, roots } = treeOf(conversation["mapping"] as object);
  const waiting = roots.map((id) => ({ id, place: { parentId: null } as Place }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { id, place } = next;
    const { message, ids } = children.get(id) ?? { message: {}, ids: [] };
    const said = textOfMessage(message);
    let after = place;
    if (said !== undefined) {
      const createdAt = timeOf(message["create_time"], started);
      after =
        said.role === "user"
          ? { parentId: add(userNode({ id: newId(), chatId, parentId: idAt(place), createdAt }, said.text)) }
          : { answer: continued(place, said.text, createdAt) };
    }
    places.set(id, after);
    if (ids.length === 0) {
      idAt(after);
    }
    for (const child of ids.toReversed()) {
      waiting.push({ id: child, place: after });
    }
  }

  const current = places.get(String(conversation["current_node"]));
  const shown = (current === undefined ? null : idAt(current)) ?? [...nodes.values()].at(-1)?.id ?? null;
  const { title } = conversation;
  const first = [...nodes.values()].find(({ role }) => role === "user");
  return {
    chat: {
      ...newChat(chatId, "", started),
      title:
        typeof title === "string" && title.trim() !== ""
          ? cutText(title.trim(), longestTitle)
          : first?.role === "user"
            ? titleFrom(first.text)
            : strings.importedChat,
      titled: true,
      updatedAt: timeOf(conversation["update_time"], started),
      leafId: shown === null ? null : newestLeaf(nodes, shown),
    },
    nodes: [...nodes.values()],
  };
}

function continued({ answer, ...place }: Place, text: string, createdAt: number): Answer {
  return answer === undefined
    ? { questionId: (place as { parentId: string | null }).parentId, text, createdAt }
    : { questionId: answer.questionId, text, before: answer, createdAt: answer.createdAt };
}

function wholeText(answer: Answer): string {
  const texts: string[] = [];
  for (let part: Answer | undefined = answer; part !== undefined; part = part.before) {
    texts.push(part.text);
  }
  return texts.reverse().join("\n\n");
}

interface MappedNode {
  readonly message: Fields;
  readonly ids: readonly string[];
}

/** The nodes by their ids, each with those that name it as their parent. A circle is opened at its first node in the file. */
function treeOf(mapping: object): { children: ReadonlyMap<string, MappedNode>; roots: readonly string[] } {
  const entries = Object.entries(mapping).map(([id, value]) => [id, asRecord(value)] as const);
  const children = new Map(
    entries.map(([id, node]) => [id, { message: asRecord(node["message"]), ids: [] as string[] }]),
  );
  const parents = new Map(
    entries.flatMap(([id, { parent }]) => (typeof parent === "string" && children.has(parent) ? [[id, parent]] : [])),
  );
  openCircles(parents);
  const roots: string[] = [];
  for (const [id] of entries) {
    (children.get(parents.get(id) ?? "")?.ids ?? roots).push(id);
  }
  return { children, roots };
}

function openCircles(parents: Map<string, string>): void {
  const ids = [...parents.keys()];
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const placed = new Set<string>();
  for (const start of ids) {
    const path = new Set<string>();
    let id: string | undefined = start;
    while (id !== undefined && !placed.has(id) && !path.has(id)) {
      path.add(id);
      id = parents.get(id);
    }
    if (id !== undefined && path.has(id)) {
      const all = [...path];
      const circle = all.slice(all.indexOf(id));
      parents.delete(circle.reduce((a, b) => ((placeOf.get(b) ?? 0) < (placeOf.get(a) ?? 0) ? b : a)));
    }
    for (const each of path) {
      placed.add(each);
    }
  }
}

/** Milliseconds of a time in seconds. */
function timeOf(seconds: unknown, otherwise: number): number {
  return possibleTime(typeof seconds === "number" ? Math.round(seconds * 1_000) : Number.NaN, otherwise);
}
