import { keyOf } from "../storage/owner";

interface Stored {
  readonly turnId: string;
  readonly answers: Readonly<Record<string, string>>;
}

const key = () => keyOf("plan.answers");

/** What was typed as answers to the questions of a plan; of the latest plan only. */
export function readAnswers(turnId: string): Readonly<Record<string, string>> {
  try {
    const stored = JSON.parse(localStorage.getItem(key()) ?? "null") as Stored | null;
    return stored?.turnId === turnId ? stored.answers : {};
  } catch {
    return {};
  }
}

export function keepAnswers(turnId: string, answers: Readonly<Record<string, string>>): void {
  try {
    localStorage.setItem(key(), JSON.stringify({ turnId, answers } satisfies Stored));
  } catch {
    // Without storage, a reload loses the answers.
  }
}
