import type { TurnState } from "../chat/turn";
import { words } from "./format";

/**
 * All that is worth saying of an answer so far: whole sentences, and what the tools do. It only ever grows, except when
 * the server voids some text, so that its end is what was not said yet.
 */
export function announcementOf(turn: TurnState): string {
  const running = turn.status === "pending" || turn.status === "running";
  const pieces = turn.parts.map((part, index) => {
    if (part.type === "reasoning") {
      return "";
    }
    if (part.type === "tool") {
      const name = words(part.name);
      const ended =
        part.status === "complete" ? `${name} is complete. ` : part.status === "failed" ? `${name} failed. ` : "";
      return `Running ${name}. ${ended}`;
    }
    const open = running && index === turn.parts.length - 1;
    return `${open ? wholeSentences(part.text) : part.text} `;
  });
  const end =
    turn.status === "complete"
      ? "The answer is complete."
      : turn.status === "stopped"
        ? "Stopped."
        : (turn.failure?.message ?? "");
  return pieces.join("") + end;
}

function wholeSentences(text: string): string {
  const end = Math.max(
    ...["。", ". ", "! ", "? ", ".\n", "\n\n", ":\n"].map((mark) => text.lastIndexOf(mark) + mark.length - 1),
  );
  return end > 0 ? text.slice(0, end + 1) : "";
}
