import { Bot, Pencil } from "lucide-react";
import { useState } from "react";
import { LazyDialog } from "../components/LazyDialog";
import { onDemand } from "../components/onDemand";
import { useSavedList } from "../hooks/useSavedList";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { assistants, optionsOf } from "./assistants";

const AssistantsDialog = onDemand(() => import("./AssistantsDialog"));

/** The assistants that a new chat can begin with. */
export function AssistantBar() {
  const { conversations } = useServices();
  const saved = useSavedList(assistants);
  const options = useChatState((state) => state.newChatOptions);
  const [isEditing, edit] = useState(false);
  const chosen = JSON.stringify(options);
  return (
    <>
      <section
        className="mt-5 flex flex-wrap items-center justify-center gap-2 text-sm"
        aria-label={strings.assistants}
      >
        {saved.map((assistant) => {
          const own = optionsOf(assistant);
          const isChosen = Object.keys(own).length > 0 && JSON.stringify(own) === chosen;
          return (
            <button
              key={assistant.id}
              type="button"
              className="flex max-w-56 items-center gap-1.5 rounded-full border border-line bg-surface px-3 py-1.5 hover:border-accent aria-pressed:border-accent aria-pressed:bg-accent-soft"
              aria-pressed={isChosen}
              onClick={() => conversations.startWith(isChosen ? {} : own)}
            >
              <Bot size="0.9375rem" className="shrink-0 text-accent" aria-hidden />
              <span className="truncate" dir="auto">
                {assistant.name}
              </span>
            </button>
          );
        })}
        <button
          type="button"
          className="flex items-center gap-1.5 rounded-full px-3 py-1.5 text-muted hover:bg-raised hover:text-ink"
          onClick={() => edit(true)}
        >
          <Pencil size="0.875rem" aria-hidden /> {strings.assistants}
        </button>
      </section>
      {isEditing && (
        <LazyDialog onClose={() => edit(false)}>
          <AssistantsDialog onClose={() => edit(false)} />
        </LazyDialog>
      )}
    </>
  );
}
