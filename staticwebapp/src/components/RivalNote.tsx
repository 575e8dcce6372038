import { Columns2, X } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { findModel } from "../chat/models";
import { useCurrentModel } from "../hooks/useCurrentModel";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { IconButton } from "./IconButton";
import { modelLabel } from "./modelLabel";

/** Names the two models that the next message goes to, where a second one was chosen. */
export default function RivalNote({ chatId }: { readonly chatId: string | null }) {
  const { conversations } = useServices();
  const first = useCurrentModel(chatId);
  const second = useChatState(
    useShallow(({ rival, models, openProviders }) => findModel(rival, models, openProviders)),
  );
  if (first === undefined || second === undefined || first.id === second.id) {
    return null;
  }
  return (
    <div className="mb-2 flex shrink-0 items-center gap-2 rounded-xl border border-line bg-surface py-1 ps-3.5 pe-1 text-sm">
      <Columns2 size="1rem" className="shrink-0 text-muted" aria-hidden />
      <p role="status" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        {strings.comparesNext(modelLabel(first), modelLabel(second))}
      </p>
      <IconButton label={strings.stopComparing} onClick={() => conversations.compareNext(undefined)}>
        <X size="1rem" aria-hidden />
      </IconButton>
    </div>
  );
}
