import { newId } from "../api/ids";
import { type Chat, longestTitle, newChat, textOf } from "../chat/chat";
import { completeAnswer } from "../chat/completeAnswer";
import { type ChatNode, userNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { cutText } from "../text";
import type { NewChat } from "./chatStorage";

/** The heading of a message: its author. A line of a message that looks like one is escaped with a backslash. */
const heading = /^## (You|Answer(?: by \S+)?)$/m;
const likeHeading = /^(\\*## (?:You|Answer))/gm;
const escapedHeading = /^\\(\\*## (?:You|Answer))/gm;

/** The shown branch of a chat as Markdown, to keep or to share. */
export function toMarkdown(chat: Chat, branch: readonly ChatNode[]): string {
  const messages = branch.map((node) => {
    const text = textOf(node).replace(likeHeading, "\\$1");
    if (node.role === "user") {
      const files = (node.attachments ?? []).map(({ name }) => `- ${code(name)}`).join("\n");
      return ["## You", files, text].filter((piece) => piece !== "").join("\n\n");
    }
    const tools = node.turn.parts.flatMap((part) =>
      part.type === "tool" ? [`- \`${part.name}\` ${code(part.arguments)}`] : [],
    );
    const { provider, model } = node.turn;
    const name = provider === undefined || model === undefined ? node.options.model : `${provider}:${model}`;
    const title = name === undefined ? "## Answer" : `## Answer by ${name.replace(/\s+/g, "-")}`;
    return [title, tools.join("\n"), text].filter((piece) => piece !== "").join("\n\n");
  });
  return `${[`# ${chat.title}`, ...messages].join("\n\n")}\n`;
}

/**
 * The chat of such a file. The lists of attachments and tool calls become part of the text.
 * @throws Error with a sentence for the user when FuncChat did not export the file.
 */
export function fromMarkdown(text: string, now: number): NewChat {
  const [head = "", ...rest] = text.replaceAll("\r\n", "\n").split(heading);
  if (rest.length === 0) {
    throw new Error(strings.notExported);
  }
  const chatId = newId();
  const nodes: ChatNode[] = [];
  for (let at = 0; at < rest.length; at += 2) {
    const said = (rest[at + 1] ?? "").trim().replace(escapedHeading, "$1");
    const base = { id: newId(), chatId, parentId: nodes.at(-1)?.id ?? null, createdAt: now };
    nodes.push(rest[at] === "You" ? userNode(base, said) : completeAnswer(base, said));
  }
  const title = cutText(head.trim().replace(/^# /, ""), longestTitle) || strings.importedChat;
  return { chat: { ...newChat(chatId, title, now), title, leafId: nodes.at(-1)?.id ?? null }, nodes };
}

function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}
