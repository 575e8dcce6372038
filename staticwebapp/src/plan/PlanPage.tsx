import { useId, useRef, useState } from "react";
import { useStore } from "zustand";
import { planEvents } from "../api/events";
import { newId } from "../api/ids";
import type { PlanAnswer, PlanRequest } from "../api/requests";
import { EarlierTurns } from "../components/EarlierTurns";
import { isEnterToSend } from "../components/keys";
import { TurnNote } from "../components/TurnNote";
import { useDraft } from "../hooks/useDraft";
import { useTypeAtOnce } from "../hooks/useTypeAtOnce";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";
import { turnOfTab } from "../turns/turnOfTab";
import { PlanCard } from "./PlanCard";
import { forgetAnswersBut } from "./planAnswers";
import { emptyPlan, type PlanView, planMessage, reducePlan } from "./planView";

const planningOf = turnOfTab("plan", {
  events: planEvents,
  startWith: (api) => api.startPlan,
  empty: emptyPlan,
  reduce: reducePlan,
});

const searchTool = "search_web";

/** How a question will be answered: a plan to read, to refine with answers to its questions, and to run as a chat. */
export default function PlanPage() {
  const services = useServices();
  const { conversations, state: chatState } = services;
  const [turn] = useState(() => planningOf(services));
  const state = useStore(turn.state);
  const [text, setText] = useDraft("plan");
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useTypeAtOnce(field);
  const running = state.status === "running";

  const plan = (query: string, answers: readonly PlanAnswer[] = []) => {
    const { model } = nextTurnOptions(chatState.getState(), null);
    if (query.trim() !== "" && !running) {
      void turn.start({
        turn_id: newId(),
        query: query.trim(),
        ...(model === undefined ? {} : { model }),
        ...(answers.length === 0 ? {} : { answers }),
      });
    }
  };
  const { request, view } = state;
  const made = view.plan;

  const run = async (query: string, answers: readonly PlanAnswer[]) => {
    if (made === undefined) {
      return;
    }
    await conversations.open(null);
    const current = chatState.getState();
    const options = nextTurnOptions(current, null);
    const searches = made.search_keywords.length > 0 && current.tools?.some(({ name }) => name === searchTool);
    // The plan's searches need the tool, even where it is off for other chats.
    const tools = searches ? [...new Set([...options.tools, searchTool])] : options.tools;
    await conversations.messages.send(planMessage(query, made, answers), { ...options, tools });
  };

  return (
    <section className="min-h-0 flex-1 overflow-y-auto px-4" aria-labelledby={`${id}-title`}>
      <div className="mx-auto w-full max-w-3xl space-y-5 pt-6 pb-12">
        <h1 id={`${id}-title`} className="font-semibold text-2xl tracking-tight">
          {strings.planTitle}
        </h1>
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            plan(text);
          }}
        >
          <label htmlFor={`${id}-query`} className="block font-medium text-sm">
            {strings.question}
          </label>
          <textarea
            ref={field}
            id={`${id}-query`}
            className="field field-sizing-content max-h-60 min-h-20"
            placeholder={strings.planPlaceholder}
            aria-describedby={`${id}-hint`}
            dir="auto"
            maxLength={10_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (isEnterToSend(event)) {
                event.preventDefault();
                plan(text);
              }
            }}
          />
          <div className="flex flex-wrap items-start justify-end gap-3">
            <p id={`${id}-hint`} className="-mt-1 min-w-0 flex-1 basis-32 text-muted text-xs wrap-break-word">
              {strings.planHint}
            </p>
            {running ? (
              <button type="button" className="button" onClick={() => void turn.stop()}>
                {strings.stopPlanning}
              </button>
            ) : (
              <button type="submit" className="button button-accent" disabled={text.trim() === ""}>
                {strings.planButton}
              </button>
            )}
          </div>
        </form>
        <TurnNote turn={state} working={strings.planning} />
        {made === undefined
          ? view.reasoning !== "" && (
              <p className="whitespace-pre-wrap text-muted [overflow-wrap:anywhere]" dir="auto">
                {view.reasoning}
              </p>
            )
          : request !== undefined && (
              <PlanCard
                key={request.turn_id}
                turnId={request.turn_id}
                plan={made}
                onRefine={(answers) => plan(request.query, [...(request.answers ?? []), ...answers])}
                onRun={(answers) => void run(request.query, [...(request.answers ?? []), ...answers])}
              />
            )}
        <EarlierTurns<PlanRequest, PlanView>
          kind="plan"
          heading={strings.earlierPlans}
          version={state.status}
          titleOf={(earlier) => earlier.query}
          onChosen={(earlier, results) => {
            setText(earlier.query);
            void turn.show(earlier, results);
          }}
          onCleared={() => forgetAnswersBut(request?.turn_id)}
        />
      </div>
    </section>
  );
}
