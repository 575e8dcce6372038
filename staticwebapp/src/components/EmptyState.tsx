import { Braces, Calculator, Compass, FileText, Globe, Search, SquarePen, Waves } from "lucide-react";
import { AssistantBar } from "../assistants/AssistantBar";
import { useCurrentModel } from "../hooks/useCurrentModel";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";

const demoIcons = [Search, Globe, Braces, Calculator];
const icons = [Compass, Waves, FileText, SquarePen];

/** The start of a new chat: what this is, and something to press. */
export function EmptyState() {
  const { conversations, state } = useServices();
  const models = useChatState((current) => current.models);
  const trouble = useChatState((current) => current.serverTrouble);
  const temporary = useChatState((current) => current.newChatTemporary);
  const folder = useChatState((current) => current.newChatFolder);
  const model = useCurrentModel(null);
  const isDemo = model === undefined || model.is_demo === true;
  return (
    <section className="flex min-h-0 flex-1 flex-col items-center overflow-y-auto px-4" aria-label={strings.newChat}>
      <div className="my-auto w-full max-w-2xl py-8">
        <h1 className="text-balance text-center font-semibold text-2xl tracking-tight sm:text-3xl">
          {strings.startTitle}
        </h1>
        <p className="mx-auto mt-3 max-w-md text-balance text-center text-muted">
          {temporary ? strings.temporaryText : folder !== undefined ? strings.newChatIn(folder) : strings.startText}
        </p>
        {/* Room for the server's answer, so that nothing moves when it comes. */}
        <div className="mt-4 min-h-9 text-center text-sm">
          {models !== undefined && isDemo && (
            <p className="mx-auto w-fit rounded-full bg-accent-soft px-3.5 py-1">
              {strings.demoNote(strings.demoLabel)}
            </p>
          )}
          {trouble !== undefined && (
            <p role="status" className="mx-auto w-fit rounded-lg bg-bad-soft px-3.5 py-2">
              {strings.retryingTrouble(trouble)}
            </p>
          )}
        </div>
        <ul className="mt-5 grid gap-2.5 sm:grid-cols-2">
          {(isDemo ? strings.examples : strings.aiExamples).map((text, index) => {
            const Icon = (isDemo ? demoIcons : icons)[index] ?? Search;
            return (
              <li key={text}>
                <button
                  type="button"
                  className="flex h-full w-full items-start gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-start text-sm transition-colors hover:border-accent disabled:opacity-60"
                  disabled={models === undefined}
                  onClick={() => void conversations.messages.send(text, nextTurnOptions(state.getState(), null))}
                >
                  <Icon size="1.0625rem" className="mt-0.5 shrink-0 text-accent" aria-hidden />
                  <span className="[overflow-wrap:anywhere]">{text}</span>
                </button>
              </li>
            );
          })}
        </ul>
        <AssistantBar />
      </div>
    </section>
  );
}
