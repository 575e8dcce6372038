import { useState } from "react";
import { isEnterToSend } from "./keys";

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
        aria-label="Edit message"
        dir="auto"
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (isEnterToSend(event)) {
            event.preventDefault();
            send();
          } else if (event.key === "Escape") {
            event.stopPropagation();
            onCancel();
          }
        }}
      />
      <div className="flex justify-end gap-2">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-accent" disabled={draft.trim() === ""}>
          Send
        </button>
      </div>
    </form>
  );
}
