import { type ReactNode, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { strings } from "../i18n/strings";
import { DenyReason } from "./DenyReason";

interface Denial {
  readonly type: "deny";
  readonly reason?: string;
}

interface ApprovalButtonsProps {
  readonly sending: boolean;
  /** The buttons before that to deny, and those after it, until the user is asked why. */
  readonly before: ReactNode;
  readonly after?: ReactNode;
  readonly onDeny: (denial: Denial) => void;
  /** Ends what else the user has begun; absent if there is nothing. */
  readonly onCancel?: (() => void) | undefined;
}

/** The buttons of a call that waits for approval. The user is asked for a reason before the call is denied. */
export function ApprovalButtons({ sending, before, after, onDeny, onCancel }: ApprovalButtonsProps) {
  const [reason, setReason] = useState<string>();
  const denyButton = useRef<HTMLButtonElement>(null);
  const deny = () => {
    const text = reason?.trim() ?? "";
    if (!sending) {
      onDeny({ type: "deny", ...(text === "" ? {} : { reason: text }) });
    }
  };
  const cancel = () => {
    flushSync(() => {
      setReason(undefined);
      onCancel?.();
    });
    denyButton.current?.focus(); // what had the keyboard is gone
  };
  return (
    <>
      {reason !== undefined && <DenyReason reason={reason} onChange={setReason} onDeny={deny} onCancel={cancel} />}
      <div className="flex flex-wrap gap-2">
        {reason === undefined && before}
        <button
          ref={denyButton}
          type="button"
          className="button"
          disabled={sending}
          onClick={() => (reason === undefined ? setReason("") : deny())}
        >
          {strings.deny}
        </button>
        {reason === undefined && after}
        {(reason !== undefined || onCancel !== undefined) && (
          <button type="button" className="button" disabled={sending} onClick={cancel}>
            {strings.cancel}
          </button>
        )}
      </div>
    </>
  );
}
