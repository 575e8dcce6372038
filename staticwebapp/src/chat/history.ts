import type { AssistantMessage, ChatMessage, ContentPart, ToolCall, ToolMessage } from "../api/messages";
import { type Attachment, weightOf } from "../attachments/attachment";
import type { ChatNode, TurnOptions, UserNode } from "./tree";
import type { TurnState } from "./turn";

/**
 * The OpenAI messages that a turn at the end of the branch starts with.
 * @param room The characters that attachments may take together; the oldest ones are replaced by their names.
 */
export function toMessages(
  branch: readonly ChatNode[],
  { systemPrompt }: TurnOptions,
  room = Number.POSITIVE_INFINITY,
): readonly ChatMessage[] {
  const system = systemPrompt?.trim() ? [{ role: "system", content: systemPrompt } as const] : [];
  const kept = newestWithin(branch, room);
  return [
    ...system,
    ...branch.flatMap((node) =>
      node.role === "user" ? [userMessage(node.text, node.attachments ?? [], kept)] : answer(node.turn),
    ),
  ];
}

function newestWithin(branch: readonly ChatNode[], room: number): ReadonlySet<Attachment> {
  const kept = new Set<Attachment>();
  for (const node of branch.toReversed()) {
    for (const attachment of node.role === "user" ? (node.attachments ?? []) : []) {
      room -= weightOf(attachment);
      if (room >= 0) {
        kept.add(attachment);
      }
    }
  }
  return kept;
}

/** A user's message as it is sent, with all its attachments. */
export function messageOf({ text, attachments = [] }: UserNode): ChatMessage {
  return userMessage(text, attachments, new Set(attachments));
}

function userMessage(text: string, attachments: readonly Attachment[], kept: ReadonlySet<Attachment>): ChatMessage {
  if (attachments.length === 0) {
    return { role: "user", content: text };
  }
  const parts = attachments.map((attachment) =>
    kept.has(attachment)
      ? partOf(attachment)
      : ({ type: "text", text: `[Attachment ${attachment.name} was removed from the history]` } as const),
  );
  return { role: "user", content: text.trim() === "" ? parts : [...parts, { type: "text", text }] };
}

function partOf(attachment: Attachment): ContentPart {
  switch (attachment.kind) {
    case "image":
      return attachment.fileId === undefined
        ? { type: "image_url", image_url: { url: attachment.url } }
        : { type: "file", file: { filename: attachment.name, file_id: attachment.fileId } };
    case "document":
      return { type: "file", file: { filename: attachment.name, file_data: attachment.url } };
    case "file":
      return { type: "file", file: { filename: attachment.name, file_id: attachment.fileId } };
    case "text":
      return {
        type: "text",
        text: `<attachment name=${JSON.stringify(attachment.name)}>\n${attachment.text}\n</attachment>`,
      };
  }
}

/**
 * What a turn leaves for later turns. A turn that failed or was stopped may end in the middle: calls without results
 * would be refused, so they get results here, and the text that the reader saw is kept.
 */
function answer(turn: TurnState): readonly ChatMessage[] {
  if (turn.status === "complete") {
    return turn.messages.filter(isWhole);
  }
  const messages: ChatMessage[] = [];
  const results = new Map(
    turn.messages.filter((message): message is ToolMessage => message.role === "tool").map((m) => [m.tool_call_id, m]),
  );
  for (const message of turn.messages) {
    if (message.role === "assistant" && isWhole(message)) {
      messages.push(message, ...(message.tool_calls ?? []).map((call) => results.get(call.id) ?? unanswered(call)));
    }
  }
  const unfinished = turn.parts
    .slice(turn.openFrom)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("");
  return unfinished === "" ? messages : [...messages, { role: "assistant", content: unfinished } as AssistantMessage];
}

/** A server refuses a message without text and calls, which some models end with. */
function isWhole(message: ChatMessage): boolean {
  return message.role !== "assistant" || message.content !== null || (message.tool_calls?.length ?? 0) > 0;
}

function unanswered(call: ToolCall): ToolMessage {
  return { role: "tool", tool_call_id: call.id, content: '{"error":"The call was stopped before it ended."}' };
}
