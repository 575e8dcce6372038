import { isUnfinished, type TurnState } from "../chat/turn";
import { strings } from "../i18n/strings";
import { plainText } from "../markdown/plainText";
import { citedNumbers } from "./answers";
import { explain } from "./failures";
import { toolTitle } from "./tools";

/** What a screen reader says once. */
export interface Announcement {
  /**
   * The same while the answer grows, so that what was said is known although calls that run side by side end in any order. A sentence that replaces
   * another has its own.
   */
  readonly key: string;
  readonly text: string;
}

/** All that a screen reader says about an answer so far: whole sentences without Markdown, what the tools do, and what the answer waits for. */
export function announcementsOf(turn: TurnState): readonly Announcement[] {
  const running = isUnfinished(turn);
  const cited = citedNumbers(turn);
  const said = turn.parts.flatMap((part, index): readonly Announcement[] => {
    if (part.type === "reasoning") {
      return [];
    }
    if (part.type === "tool") {
      const name = toolTitle(part.name);
      const key = `${part.round} ${part.id}`; // its place changes when text before it is void
      if (part.denied !== undefined) {
        return [
          {
            key: `${key} ended`,
            text: `${strings.toolRegion(name, part.denied === "deny" ? strings.toolDenied : strings.toolExpired)}. `,
          },
        ];
      }
      const started = { key, text: strings.saysRunning(name) };
      switch (part.status) {
        case "complete":
          return [started, { key: `${key} ended`, text: strings.saysToolComplete(name) }];
        case "failed":
          return [started, { key: `${key} ended`, text: strings.saysToolFailed(name) }];
        default:
          return [started];
      }
    }
    const open = running && index === turn.parts.length - 1;
    const sentences = open
      ? wholeSentences(withoutOpenMarks(plainText(withoutOpenBlock(part.text), cited)))
      : sentencesOf(plainText(part.text, cited));
    return sentences.map((text, number) => ({ key: `${index} ${number} ${wordsOf(text)}`, text }));
  });
  const asked = (running ? (turn.requests ?? []) : []).map((request) => ({
    key: `request ${request.id}`,
    text:
      request.type === "approval"
        ? strings.approvalTitle(toolTitle(request.name))
        : request.type === "input"
          ? strings.questionTitle
          : strings.waitingForYou,
  }));
  const end =
    turn.status === "complete"
      ? strings.saysComplete
      : turn.status === "stopped"
        ? strings.saysStopped
        : turn.failure === undefined
          ? ""
          : explain(turn.failure, undefined).what;
  return end === "" ? [...said, ...asked] : [...said, { key: "end", text: end }];
}

/** What stays the same when a mark is closed or a source becomes known. */
function wordsOf(sentence: string): string {
  return sentence.replace(/\[[\d\s,]+\]|[^\p{L}\p{M}\p{N}]/gu, "");
}

/** The text without code and tables that are still being written. */
function withoutOpenBlock(text: string): string {
  const fences = [...text.matchAll(/^ {0,3}(?:`{3,}|~{3,})/gm)];
  const closed = fences.length % 2 === 0 ? text : text.slice(0, fences.at(-1)?.index);
  const lines = closed.split("\n");
  while (lines.at(-1)?.trimStart().startsWith("|")) {
    lines.pop();
  }
  return lines.join("\n");
}

/** Marks that are not closed yet are not read. */
function withoutOpenMarks(text: string): string {
  return text.replace(/(^|[\s(])(?:\*{1,3}|_{1,3}|~~)(?=[^\s*_~])/g, "$1");
}

/** The number of an item in a list ends no sentence. */
const sentenceEnd = /(?<=。)|(?<=[.!?])(?<!(?:^|\n)[ \t]*\d{1,9}\.)[ \n]|(?<=:)\n|\n\n/;

function sentencesOf(text: string): readonly string[] {
  return piecesOf(text).filter((piece) => piece !== "");
}

/** The sentences up to the last that has ended. */
function wholeSentences(text: string): readonly string[] {
  return piecesOf(text)
    .slice(0, -1)
    .filter((piece) => piece !== "");
}

function piecesOf(text: string): readonly string[] {
  return text.split(sentenceEnd).map((piece) => piece.trim());
}
