import { Columns2 } from "lucide-react";
import { useState } from "react";
import { useCurrentModel } from "../hooks/useCurrentModel";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { IconButton } from "./IconButton";
import { LazyDialog } from "./LazyDialog";
import { onDemand } from "./onDemand";

const ModelDialog = onDemand(() => import("./ModelDialog"));

/** Chooses a second model for the next message, where the server has more than one. */
export function CompareChoice() {
  const { conversations } = useServices();
  const rival = useChatState((state) => state.rival);
  const hasOthers = useChatState(({ models = [], openProviders }) => models.length > 1 || openProviders.length > 0);
  const openId = useChatState((state) => state.openId);
  const current = useCurrentModel(openId);
  const [open, setOpen] = useState(false);
  if (!hasOthers) {
    return null;
  }
  return (
    <>
      <IconButton
        className={rival === undefined ? "" : "text-accent"}
        label={strings.compare}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Columns2 size="1rem" aria-hidden />
      </IconButton>
      {open && (
        <LazyDialog onClose={() => setOpen(false)}>
          <ModelDialog
            title={strings.compare}
            current={rival}
            except={current?.id}
            onChosen={({ id }) => conversations.compareNext(id)}
            onClose={() => setOpen(false)}
          />
        </LazyDialog>
      )}
    </>
  );
}
