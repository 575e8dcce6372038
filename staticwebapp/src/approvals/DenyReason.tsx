import { isEnterToSend, isEscape } from "../components/keys";
import { strings } from "../i18n/strings";

interface DenyReasonProps {
  readonly reason: string;
  readonly autoFocus: boolean;
  readonly onChange: (reason: string) => void;
  readonly onDeny: () => void;
  readonly onCancel: () => void;
}

/** Why a call is denied, which the model reads. Enter denies it, and Esc cancels. */
export function DenyReason({ reason, autoFocus, onChange, onDeny, onCancel }: DenyReasonProps) {
  return (
    <input
      className="field w-full"
      aria-label={strings.denyReason}
      placeholder={strings.denyReason}
      maxLength={2000}
      value={reason}
      // biome-ignore lint/a11y/noAutofocus: the user has just asked to deny, and the button that was pressed denies for good now
      autoFocus={autoFocus}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={(event) => {
        if (isEnterToSend(event)) {
          event.preventDefault();
          if (!event.repeat) {
            onDeny(); // not by the key that opened the field and is still held
          }
        } else if (isEscape(event)) {
          event.preventDefault(); // it would stop the answer
          onCancel();
        }
      }}
    />
  );
}
