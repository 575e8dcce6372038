import { type Chat, textOf } from "../chat/chat";
import type { ChatNode } from "../chat/tree";

/** The shown branch of a chat as Markdown, for people to keep or pass on. */
export function toMarkdown(chat: Chat, branch: readonly ChatNode[]): string {
  const messages = branch.map((node) => {
    if (node.role === "user") {
      return `## You\n\n${node.text}`;
    }
    const tools = node.turn.parts.flatMap((part) =>
      part.type === "tool" ? [`- \`${part.name}\` ${code(part.arguments)}`] : [],
    );
    const { provider, model } = node.turn;
    const name = provider === undefined || model === undefined ? node.options.model : `${provider}:${model}`;
    return [`## ${name ?? "Answer"}`, tools.join("\n"), textOf(node)].filter((piece) => piece !== "").join("\n\n");
  });
  return `${[`# ${chat.title}`, ...messages].join("\n\n")}\n`;
}

function code(text: string): string {
  const ticks = "`".repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length)) + 1);
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`;
}
