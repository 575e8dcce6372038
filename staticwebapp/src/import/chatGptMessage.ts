import { strings } from "../i18n/strings";
import { asArray, asRecord } from "../records";
import { cutText } from "../text";

/** Marks of citations in answers, which only ChatGPT can resolve. */
const marks = /\ue200[^\ue200\ue201]*\ue201|【\d+(?::\d+)?†[^【】\n]*】/g;

/** What a reader sees of a message; undefined for calls of tools, their results, thoughts, and what is hidden. */
export function textOfMessage(
  message: Record<string, unknown>,
): { readonly role: "user" | "assistant"; readonly text: string } | undefined {
  const { role } = asRecord(message["author"]);
  const { recipient = "all", weight } = message;
  const metadata = asRecord(message["metadata"]);
  const isHidden = weight === 0 || metadata["is_visually_hidden_from_conversation"] === true;
  if ((role !== "user" && role !== "assistant") || recipient !== "all" || isHidden) {
    return undefined;
  }
  const content = asRecord(message["content"]);
  const pieces = piecesOf(content);
  const isMarked = role === "assistant" && content["content_type"] !== "code";
  const text = [...filesOf(metadata), ...(isMarked ? pieces.map((piece) => piece.replace(marks, "")) : pieces)]
    .map((piece) => piece.trim())
    .filter((piece) => piece !== "")
    .join("\n\n");
  return text === "" ? undefined : { role, text };
}

function piecesOf(content: Record<string, unknown>): readonly string[] {
  const { content_type: type, parts, text, language } = content;
  switch (type) {
    case "text":
    case "multimodal_text":
      return asArray(parts).map(pieceOf);
    case "code":
      return typeof text === "string" ? [fenced(text, language)] : [];
    case "thoughts":
    case "reasoning_recap":
    case "user_editable_context":
    case "model_editable_context":
      return [];
    default:
      return [typeof text === "string" ? text : notImported(type)];
  }
}

function pieceOf(part: unknown): string {
  if (typeof part === "string") {
    return part;
  }
  const { content_type: type, text } = asRecord(part);
  return typeof text === "string" ? text : notImported(type); // a transcription has its text
}

function notImported(type: unknown): string {
  const kind = typeof type === "string" ? cutText(type, 60) : "";
  const name = kind.startsWith("image")
    ? strings.importedImage
    : /audio|video/.test(kind)
      ? strings.importedRecording
      : kind.replaceAll("_", " ");
  return `[${strings.notImported(name)}]`;
}

/** The names of attached files, whose contents are not part of the conversation. */
function filesOf({ attachments }: Record<string, unknown>): readonly string[] {
  return asArray(attachments).flatMap((attachment) => {
    const { name } = asRecord(attachment);
    return typeof name === "string" ? [`[${strings.notImported(cutText(name, 200))}]`] : [];
  });
}

function fenced(code: string, language: unknown): string {
  const longest = (code.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
  const ticks = "`".repeat(longest + 1);
  const name =
    typeof language === "string" && /^[\w+#-]{1,30}$/.test(language) && language !== "unknown" ? language : "";
  return `${ticks}${name}\n${code}\n${ticks}`;
}
