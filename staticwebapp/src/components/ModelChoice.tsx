import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useCurrentModel } from "../hooks/useCurrentModel";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { change } from "../settings/settings";
import { LazyDialog } from "./LazyDialog";
import { modelLabel } from "./modelLabel";
import { onDemand } from "./onDemand";

const ModelDialog = onDemand(() => import("./ModelDialog"));

/** The model of the open chat. The last choice is also the one of new chats. */
export function ModelChoice() {
  const { conversations } = useServices();
  const openId = useChatState((state) => state.openId);
  const models = useChatState((state) => state.models);
  const trouble = useChatState((state) => state.serverTrouble);
  const current = useCurrentModel(openId);
  const [open, setOpen] = useState(false);
  if (models === undefined || current === undefined) {
    return (
      <p className="truncate px-2 text-muted text-sm" role="status">
        {models !== undefined
          ? strings.noModels
          : trouble === undefined
            ? strings.connecting
            : strings.waitingForServer}
      </p>
    );
  }
  return (
    <>
      <button
        type="button"
        className="flex h-9 min-w-0 items-center gap-1.5 rounded-[0.625rem] px-2.5 font-medium text-sm hover:bg-raised"
        aria-label={`${strings.model}: ${modelLabel(current)}`}
        aria-haspopup="dialog"
        title={current.id}
        onClick={() => setOpen(true)}
      >
        <span className="truncate">{modelLabel(current)}</span>
        <ChevronDown size="0.9375rem" className="shrink-0 text-muted" aria-hidden />
      </button>
      {open && (
        <LazyDialog onClose={() => setOpen(false)}>
          <ModelDialog
            title={strings.chooseModel}
            current={current.id}
            onChosen={({ id }) => {
              change({ model: id });
              void conversations.chats.configure(openId, { model: id });
            }}
            onClose={() => setOpen(false)}
          />
        </LazyDialog>
      )}
    </>
  );
}
