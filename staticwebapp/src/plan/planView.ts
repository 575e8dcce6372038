import type { PlanData, PlanEvent } from "../api/events";
import { strings } from "../i18n/strings";

/** What a reader sees of a plan: the fold of its events. */
export interface PlanView {
  /** The model's reasoning while it is being written; the plan contains all of it. */
  readonly reasoning: string;
  readonly model?: string;
  readonly plan?: PlanData;
}

export const emptyPlan: PlanView = { reasoning: "" };

export function reducePlan(view: PlanView, event: PlanEvent): PlanView {
  switch (event.type) {
    case "status":
      return { ...view, model: `${event.data.provider}:${event.data.model}` };
    case "reasoning":
      return { ...view, reasoning: view.reasoning + event.data.content };
    case "message_reset":
      return { ...view, reasoning: "" };
    case "plan":
      return { ...view, plan: event.data };
    default:
      return view;
  }
}

/** The message that runs the plan as a chat: the question, the user's answers, and how to proceed. */
export function planMessage(
  query: string,
  { text, persona, search_keywords }: PlanData,
  answers: readonly { readonly question: string; readonly answer: string }[] = [],
): string {
  const searches = search_keywords.map((words) => `- ${words.join(" ")}`).join("\n");
  return [
    query,
    answers.map(({ question, answer }) => `${question}\n${answer}`).join("\n\n"),
    persona === "" ? "" : strings.answerAs(persona),
    `${strings.followPlan}\n\n${text}`,
    searches === "" ? "" : `${strings.searchFor}\n\n${searches}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}
