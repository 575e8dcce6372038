import { useState } from "react";
import { usePrinting } from "../hooks/usePrinting";
import { strings } from "../i18n/strings";
import { cutText } from "../text";
import { count } from "./format";

interface FoldedTextProps {
  readonly text: string;
  /** The lines and characters that are shown of a longer text. */
  readonly mostLines: number;
  readonly longest: number;
}

/** Plain text with its line breaks. What follows it should not be pushed out of sight: a long one is folded, except on paper, and says how much of it is hidden. */
export function FoldedText({ text, mostLines, longest }: FoldedTextProps) {
  const [open, setOpen] = useState(false);
  const printing = usePrinting();
  const lines = text.split("\n", mostLines).join("\n");
  // Half of an escape such as \u202E would read as other text.
  const end =
    lines.length <= longest ? lines.length : text.slice(0, longest).replace(/\\(u[\dA-F]{0,3})?$/i, "").length;
  const folded = text.length - end >= longest / 10;
  const more = () =>
    text[end] === "\n"
      ? strings.moreLines(text.slice(end).split("\n").length - 1)
      : strings.moreCharacters(count(text.length - end));
  return (
    <>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
        {folded && !open && !printing ? `${cutText(text, end)}…` : text}
      </p>
      {folded && !printing && (
        <button
          type="button"
          className="mt-1.5 text-muted text-sm underline underline-offset-2"
          onClick={() => setOpen(!open)}
        >
          {open ? strings.showLess : more()}
        </button>
      )}
    </>
  );
}
