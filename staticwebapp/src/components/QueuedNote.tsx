import { ListEnd, Pencil } from "lucide-react";
import type { QueuedMessage } from "../chat/chat";
import { strings } from "../i18n/strings";
import { IconButton } from "./IconButton";

interface QueuedNoteProps {
  readonly queued: QueuedMessage;
  /** False when the answer that it waited for ended without being complete. */
  readonly running: boolean;
  readonly onTakeBack: () => void;
  readonly onSend: () => void;
}

/** The message that is sent when the running answer is complete. */
export default function QueuedNote({ queued, running, onTakeBack, onSend }: QueuedNoteProps) {
  return (
    <div
      className="mb-2 flex shrink-0 items-center gap-2 rounded-xl border border-line bg-surface py-1 ps-3.5 pe-1 text-sm"
      data-queued
    >
      <ListEnd size="1rem" className="shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="truncate" dir="auto">
          {queued.text || queued.attachments.map(({ name }) => name).join(", ")}
        </p>
        {running && <p className="text-muted text-xs">{strings.queued}</p>}
      </div>
      {!running && (
        <button type="button" className="button" onClick={onSend}>
          {strings.sendNow}
        </button>
      )}
      <IconButton label={strings.editQueued} onClick={onTakeBack}>
        <Pencil size="0.9375rem" aria-hidden />
      </IconButton>
    </div>
  );
}
