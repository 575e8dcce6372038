import { FileText, LoaderCircle, X } from "lucide-react";
import type { Attachment, PendingAttachment } from "../attachments/attachment";
import { strings } from "../i18n/strings";
import { bytes } from "./format";
import { isImageName, StoredImage } from "./StoredImage";

interface AttachmentListProps {
  readonly attachments: readonly (Attachment | PendingAttachment)[];
  /** Absent where they can't be removed any more. */
  readonly onRemove?: (attachment: Attachment | PendingAttachment) => void;
}

/** Files of a message: images as pictures, others by name and size. */
export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  return (
    <ul className="flex flex-wrap items-start gap-2" aria-label={strings.attachments}>
      {attachments.map((attachment) => (
        <li
          key={attachment.id}
          className="relative flex max-w-full items-center rounded-xl border border-line bg-surface text-sm"
        >
          {attachment.kind === "file" && isImageName(attachment.name) && onRemove === undefined ? (
            <StoredImage fileId={attachment.fileId} alt={attachment.name} className="max-h-64 max-w-full rounded-xl" />
          ) : attachment.kind === "image" ? (
            <img
              src={attachment.url}
              alt={attachment.name}
              title={attachment.name}
              className={`rounded-xl object-cover ${onRemove === undefined ? "max-h-64 max-w-full" : "size-16"}`}
            />
          ) : (
            <span className="flex min-w-0 items-center gap-2.5 py-2 ps-3 pe-3.5">
              {attachment.kind === "pending" ? (
                <LoaderCircle size="1.25rem" className="shrink-0 animate-spin text-accent" aria-hidden />
              ) : (
                <FileText size="1.25rem" className="shrink-0 text-accent" aria-hidden />
              )}
              <span className="min-w-0">
                <span className="block max-w-52 truncate" dir="auto">
                  {attachment.name}
                </span>
                {/* The size of a file on the server can be unknown, and is 0 then. */}
                {(attachment.size > 0 || attachment.kind === "text") && (
                  <span className="block text-muted text-xs">{bytes(attachment.size)}</span>
                )}
                <span
                  className="block max-w-52 text-muted text-xs [overflow-wrap:anywhere] empty:hidden"
                  title={strings.encodingHint}
                >
                  {guessOf(attachment)}
                </span>
              </span>
            </span>
          )}
          {onRemove !== undefined && (
            <button
              type="button"
              className="absolute -end-2 -top-2 grid size-6 place-items-center rounded-full border border-line bg-surface text-muted shadow-sm hover:text-ink"
              aria-label={strings.removeAttachment(attachment.name)}
              onClick={() => onRemove(attachment)}
            >
              <X size="0.8125rem" aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** How a text is read that does not say in which encoding it is, with a word that shows whether that is right. */
function guessOf(attachment: Attachment | PendingAttachment): string | undefined {
  if (attachment.kind === "file") {
    return attachment.isGuessed === true ? strings.encodingGuessed : undefined;
  }
  return attachment.kind === "text" && attachment.readAs !== undefined
    ? strings.readAs(attachment.readAs.encoding, attachment.readAs.word)
    : undefined;
}
