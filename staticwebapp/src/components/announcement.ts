import type { TurnState } from "../chat/turn";
import { strings } from "../i18n/strings";
import { plainText } from "../markdown/plainText";
import { explain } from "./failures";
import { toolTitle } from "./tools";

/**
 * All that a screen reader says about an answer so far: whole sentences without Markdown, and what the tools do. It only
 * grows, except when the server discards some text, so that its end is what was not said yet.
 */
export function announcementOf(turn: TurnState): string {
  const running = turn.status === "pending" || turn.status === "running";
  const pieces = turn.parts.map((part, index) => {
    if (part.type === "reasoning") {
      return "";
    }
    if (part.type === "tool") {
      const name = toolTitle(part.name);
      const ended =
        part.status === "complete"
          ? strings.saysToolComplete(name)
          : part.status === "failed"
            ? strings.saysToolFailed(name)
            : "";
      return strings.saysRunning(name) + ended;
    }
    const open = running && index === turn.parts.length - 1;
    return `${plainText(open ? wholePart(part.text) : part.text).trim()} `;
  });
  const end =
    turn.status === "complete"
      ? strings.saysComplete
      : turn.status === "stopped"
        ? strings.saysStopped
        : turn.failure === undefined
          ? ""
          : explain(turn.failure, undefined).what;
  return pieces.join("") + end;
}

/** The text up to the end of its last sentence, without code and tables that are still being written. */
function wholePart(text: string): string {
  const fences = [...text.matchAll(/^ {0,3}(?:`{3,}|~{3,})/gm)];
  const closed = fences.length % 2 === 0 ? text : text.slice(0, fences.at(-1)?.index);
  const lines = closed.split("\n");
  while (lines.at(-1)?.trimStart().startsWith("|")) {
    lines.pop();
  }
  return wholeSentences(lines.join("\n"));
}

function wholeSentences(text: string): string {
  const end = Math.max(
    ...["。", ". ", "! ", "? ", ".\n", "\n\n", ":\n"].map((mark) => {
      const at = text.lastIndexOf(mark);
      return at < 0 ? -1 : at + mark.length - 1;
    }),
  );
  return end > 0 ? text.slice(0, end + 1) : "";
}
