import { useState } from "react";
import { strings } from "../i18n/strings";
import { isEnterToSend, isEscape } from "./keys";

interface MessageEditorProps {
  readonly text: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

export function MessageEditor({ text, onSend, onCancel }: MessageEditorProps) {
  const [draft, setDraft] = useState(text);
  const send = () => {
    if (draft.trim() !== "") {
      onSend(draft);
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
      <textarea
        className="field-sizing-content max-h-80 min-h-16 w-full resize-none bg-transparent outline-none"
        aria-label={strings.editMessage}
        dir="auto"
        // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here
        autoFocus
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(text.length, text.length)}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (isEnterToSend(event)) {
            event.preventDefault();
            send();
          } else if (isEscape(event)) {
            event.stopPropagation();
            onCancel();
          }
        }}
      />
      <div className="flex justify-end gap-2">
        <button type="button" className="button" onClick={onCancel}>
          {strings.cancel}
        </button>
        <button type="submit" className="button button-accent" disabled={draft.trim() === ""}>
          {strings.saveAndSend}
        </button>
      </div>
    </form>
  );
}
