import { useId, useState } from "react";
import { useStore } from "zustand";
import type { ChatApi, PlanAnswer, PlanRequest } from "../api/client";
import { type PlanEvent, planEvents } from "../api/events";
import { newId } from "../api/ids";
import { isEnterToSend } from "../components/keys";
import { TurnNote } from "../components/TurnNote";
import { useDraft } from "../hooks/useDraft";
import { useServices } from "../services";
import { settings, turnOptions } from "../settings/settings";
import { keyOf } from "../storage/owner";
import { StandaloneTurn } from "../turns/standaloneTurn";
import { PlanCard } from "./PlanCard";
import { emptyPlan, type PlanView, planMessage, reducePlan } from "./planView";

let planning: StandaloneTurn<PlanRequest, PlanEvent, PlanView> | undefined;

/** The one of this tab: it outlives the page that shows it. */
function planningOf(api: ChatApi) {
  if (planning === undefined) {
    planning = new StandaloneTurn({
      api,
      events: planEvents,
      start: api.startPlan,
      empty: emptyPlan,
      reduce: reducePlan,
      kept: sessionStorage,
      name: keyOf("plan"),
    });
    void planning.restore();
  }
  return planning;
}

/** How a question is to be answered, before it is: a plan to read, to refine by answering back, and to hand to a chat. */
export default function PlanPage() {
  const { api, conversations, state: chatState } = useServices();
  const [run] = useState(() => planningOf(api));
  const state = useStore(run.state);
  const [text, setText] = useDraft("plan");
  const id = useId();
  const running = state.status === "running";

  const options = () => {
    const { models, tools } = chatState.getState();
    return turnOptions(settings.getState(), models, tools);
  };
  const plan = (query: string, answers: readonly PlanAnswer[] = []) => {
    const { model } = options();
    if (query.trim() !== "" && !running) {
      void run.start({
        turn_id: newId(),
        query: query.trim(),
        ...(model === undefined ? {} : { model }),
        ...(answers.length === 0 ? {} : { answers }),
      });
    }
  };
  const { request, view } = state;
  const made = view.plan;

  return (
    <section className="min-h-0 flex-1 overflow-y-auto px-4" aria-labelledby={`${id}-title`}>
      <div className="mx-auto w-full max-w-3xl space-y-5 pt-6 pb-12">
        <h1 id={`${id}-title`} className="font-semibold text-2xl tracking-tight">
          Plan an answer
        </h1>
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault();
            plan(text);
          }}
        >
          <label htmlFor={`${id}-query`} className="block font-medium text-sm">
            Question
          </label>
          <textarea
            id={`${id}-query`}
            className="field field-sizing-content max-h-60 min-h-20"
            placeholder="What should I know before I move a database to another region?"
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
          <div className="flex justify-end">
            {running ? (
              <button type="button" className="button" onClick={() => void run.stop()}>
                Stop planning
              </button>
            ) : (
              <button type="submit" className="button button-accent" disabled={text.trim() === ""}>
                Plan
              </button>
            )}
          </div>
        </form>
        <TurnNote run={state} working="Planning…" />
        {made === undefined
          ? view.reasoning !== "" && (
              <p className="whitespace-pre-wrap text-muted [overflow-wrap:anywhere]" dir="auto">
                {view.reasoning}
              </p>
            )
          : request !== undefined && (
              <PlanCard
                key={request.turn_id}
                plan={made}
                onAnswered={(answers) => plan(request.query, [...(request.answers ?? []), ...answers])}
                onHandOver={async () => {
                  await conversations.open(null);
                  await conversations.send(planMessage(request.query, made, request.answers), options());
                }}
              />
            )}
      </div>
    </section>
  );
}
