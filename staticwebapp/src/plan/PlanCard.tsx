import { MessageSquareText } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import type { PlanData } from "../api/events";
import type { PlanAnswer } from "../api/requests";
import { serverWord } from "../components/format";
import { strings } from "../i18n/strings";
import { LazyMarkdown } from "../markdown/LazyMarkdown";
import { keepAnswers, readAnswers } from "./planAnswers";

interface PlanCardProps {
  readonly turnId: string;
  readonly plan: PlanData;
  /** Plans again with the answers to the plan's questions. */
  readonly onRefine: (answers: readonly PlanAnswer[]) => void;
  /** Runs the plan as a chat, with the answers that are given so far. */
  readonly onRun: (answers: readonly PlanAnswer[]) => void;
}

export function PlanCard({ turnId, plan, onRefine, onRun }: PlanCardProps) {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>(() => readAnswers(turnId));
  const answers = plan.questions.flatMap((question) => {
    const answer = (Object.hasOwn(given, question) ? (given[question] ?? "") : "").trim();
    return answer === "" ? [] : [{ question, answer }];
  });
  return (
    <article aria-label={strings.plan} className="space-y-5 rounded-2xl border border-line bg-surface p-5">
      <p className="flex flex-wrap gap-2 text-sm">
        <Badge>{serverWord(plan.complexity)}</Badge>
        {plan.persona !== "" && <Badge>{plan.persona}</Badge>}
      </p>
      <p className="whitespace-pre-wrap text-muted text-sm [overflow-wrap:anywhere]" dir="auto">
        {plan.reasoning}
      </p>
      <LazyMarkdown text={plan.text} />
      {plan.search_keywords.length > 0 && (
        <div>
          <h2 className="mb-1.5 font-semibold text-sm">{strings.searches}</h2>
          <ul className="flex flex-wrap gap-2 text-sm">
            {[...new Set(plan.search_keywords.map((keywords) => keywords.join(" ")))].map((search) => (
              <li key={search}>
                <Badge>{search}</Badge>
              </li>
            ))}
          </ul>
        </div>
      )}
      {plan.questions.length > 0 && (
        <Questions
          questions={plan.questions}
          given={given}
          onChange={(question, answer) => {
            const changed = { ...given, [question]: answer };
            setGiven(changed);
            keepAnswers(turnId, changed);
          }}
          onRefine={() => answers.length > 0 && onRefine(answers)}
        />
      )}
      <button type="button" className="button button-accent" onClick={() => onRun(answers)}>
        <MessageSquareText size="1rem" aria-hidden /> {strings.runPlan}
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

interface QuestionsProps {
  readonly questions: readonly string[];
  readonly given: Readonly<Record<string, string>>;
  readonly onChange: (question: string, answer: string) => void;
  readonly onRefine: () => void;
}

function Questions({ questions, given, onChange, onRefine }: QuestionsProps) {
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRefine();
  };
  return (
    <form className="space-y-3" onSubmit={submit}>
      <h2 className="font-semibold text-sm">{strings.questionsForYou}</h2>
      {questions.map((question, index) => (
        <div key={question}>
          <label htmlFor={`${id}-${index}`} className="mb-1 block text-sm [overflow-wrap:anywhere]" dir="auto">
            {question}
          </label>
          <input
            id={`${id}-${index}`}
            className="field"
            maxLength={4000}
            dir="auto"
            value={Object.hasOwn(given, question) ? given[question] : ""}
            onChange={({ target }) => onChange(question, target.value)}
          />
        </div>
      ))}
      <button type="submit" className="button">
        {strings.refinePlan}
      </button>
    </form>
  );
}
