import { asRecord } from "../records";
import { keyOf } from "../storage/owner";
import { mostTurns } from "../storage/turnHistory";

type Answers = Readonly<Record<string, string>>;

interface Stored {
  readonly turnId: string;
  readonly answers: Answers;
}

const key = () => keyOf("plan.answers");

/** What was typed as answers to the questions of a plan. */
export function readAnswers(turnId: string): Answers {
  return readAll().find((stored) => stored.turnId === turnId)?.answers ?? {};
}

/** Keeps the answers of as many plans as the history has, those that were typed last. */
export function keepAnswers(turnId: string, answers: Answers): void {
  const others = readAll().filter((stored) => stored.turnId !== turnId);
  write([{ turnId, answers }, ...others].slice(0, mostTurns));
}

/** Deletes the answers of all plans but one, which is still shown. */
export function forgetAnswersBut(turnId: string | undefined): void {
  write(readAll().filter((stored) => stored.turnId === turnId));
}

function readAll(): readonly Stored[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return [stored].flat().filter(isStored); // earlier versions of the page kept the answers of one plan
  } catch {
    return [];
  }
}

function isStored(value: unknown): value is Stored {
  const { turnId, answers } = asRecord(value);
  return typeof turnId === "string" && typeof answers === "object" && answers !== null;
}

function write(stored: readonly Stored[]): void {
  try {
    localStorage.setItem(key(), JSON.stringify(stored));
  } catch {
    // Without storage, a reload loses the answers.
  }
}
