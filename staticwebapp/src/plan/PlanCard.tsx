import { MessageSquareText } from "lucide-react";
import { type FormEvent, useId } from "react";
import type { PlanAnswer } from "../api/client";
import type { PlanData } from "../api/events";
import { words } from "../components/format";
import { LazyMarkdown } from "../markdown/LazyMarkdown";

interface PlanCardProps {
  readonly plan: PlanData;
  /** The person has answered some of the plan's questions. */
  readonly onAnswered: (answers: readonly PlanAnswer[]) => void;
  readonly onHandOver: () => void;
}

export function PlanCard({ plan, onAnswered, onHandOver }: PlanCardProps) {
  return (
    <article aria-label="Plan" className="space-y-5 rounded-2xl border border-line bg-surface p-5">
      <p className="flex flex-wrap gap-2 text-sm">
        <Badge>{words(plan.complexity)}</Badge>
        {plan.persona !== "" && <Badge>{plan.persona}</Badge>}
      </p>
      <p className="whitespace-pre-wrap text-muted text-sm [overflow-wrap:anywhere]" dir="auto">
        {plan.reasoning}
      </p>
      <LazyMarkdown text={plan.text} streaming={false} />
      {plan.search_keywords.length > 0 && (
        <div>
          <h2 className="mb-1.5 font-semibold text-sm">Searches</h2>
          <ul className="flex flex-wrap gap-2 text-sm">
            {[...new Set(plan.search_keywords.map((keywords) => keywords.join(" ")))].map((search) => (
              <li key={search}>
                <Badge>{search}</Badge>
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.questions.length > 0 && <Questions questions={plan.questions} onAnswered={onAnswered} />}
      <button type="button" className="button button-accent" onClick={onHandOver}>
        <MessageSquareText size={16} aria-hidden /> Answer this in a chat
      </button>
    </article>
  );
}

function Badge({ children }: { readonly children: string }) {
  return (
    <span className="rounded-full bg-raised px-3 py-0.5 [overflow-wrap:anywhere]" dir="auto">
      {children}
    </span>
  );
}

function Questions({ questions, onAnswered }: Pick<PlanCardProps, "onAnswered"> & Pick<PlanData, "questions">) {
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const answers = questions.flatMap((question, index) => {
      const answer = String(given.get(`answer-${index}`) ?? "").trim();
      return answer === "" ? [] : [{ question, answer }];
    });
    if (answers.length > 0) {
      onAnswered(answers);
    }
  };
  return (
    <form className="space-y-3" onSubmit={submit}>
      <h2 className="font-semibold text-sm">Questions to you</h2>
      {questions.map((question, index) => (
        <div key={question}>
          <label htmlFor={`${id}-${index}`} className="mb-1 block text-sm [overflow-wrap:anywhere]" dir="auto">
            {question}
          </label>
          <input id={`${id}-${index}`} name={`answer-${index}`} className="field" maxLength={4000} dir="auto" />
        </div>
      ))}
      <button type="submit" className="button">
        Plan again with these answers
      </button>
    </form>
  );
}
