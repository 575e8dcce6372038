import type { Attachment } from "../attachments/attachment";
import { strings } from "../i18n/strings";
import { AttachmentList } from "./AttachmentList";
import { isEnterToSend, isEscape } from "./keys";

interface MessageEditorProps {
  readonly text: string;
  readonly attachments: readonly Attachment[] | undefined;
  /** Whether it was just opened, and not only drawn again. */
  readonly takesFocus: boolean;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly onCancel: () => void;
  /** Closes it, and keeps the text. */
  readonly onClose: () => void;
}

export function MessageEditor(props: MessageEditorProps) {
  const { text, attachments, takesFocus, onChange, onSend, onCancel, onClose } = props;
  const ready = text.trim() !== "" || attachments !== undefined;
  const send = () => {
    if (ready) {
      onSend();
    }
  };
  return (
    <form
      className="space-y-2 rounded-2xl border border-line bg-surface p-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {attachments !== undefined && <AttachmentList attachments={attachments} />}
      <textarea
        className="field-sizing-content max-h-80 min-h-16 w-full resize-none bg-transparent outline-none"
        aria-label={strings.editMessage}
        dir="auto"
        // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here
        autoFocus={takesFocus}
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(text.length, text.length)}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (isEnterToSend(event)) {
            event.preventDefault();
            send();
          } else if (isEscape(event)) {
            event.stopPropagation();
            onClose();
          }
        }}
      />
      <div className="flex justify-end gap-2">
        <button type="button" className="button" onClick={onCancel}>
          {strings.cancel}
        </button>
        <button type="submit" className="button button-accent" disabled={!ready}>
          {strings.saveAndSend}
        </button>
      </div>
    </form>
  );
}
