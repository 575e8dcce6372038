import { type ReactNode, useRef } from "react";
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
  /** The reason that the user types, undefined until Deny is pressed, and what changes or forgets it. */
  readonly typedReason: readonly [string | undefined, (reason?: string) => void];
  readonly onDeny: (denial: Denial) => void;
  /** Ends what else the user has begun, once no reason is being typed; absent if there is nothing. */
  readonly onCancel?: (() => void) | undefined;
}

/** The buttons of a call that waits for approval. The user is asked for a reason before the call is denied. */
export function ApprovalButtons({
  sending,
  before,
  after,
  typedReason: [reason, setReason],
  onDeny,
  onCancel,
}: ApprovalButtonsProps) {
  const opened = useRef(false);
  const denyButton = useRef<HTMLButtonElement>(null);
  const deny = () => {
    const text = reason?.trim() ?? "";
    if (!sending) {
      onDeny({ type: "deny", ...(text === "" ? {} : { reason: text }) });
    }
  };
  const cancel = () => {
    flushSync(() => (reason === undefined ? onCancel?.() : setReason()));
    denyButton.current?.focus(); // what had the keyboard is gone
  };
  return (
    <>
      {reason !== undefined && (
        <DenyReason reason={reason} autoFocus={opened.current} onChange={setReason} onDeny={deny} onCancel={cancel} />
      )}
      <div className="flex flex-wrap gap-2">
        {reason === undefined && before}
        <button
          ref={denyButton}
          type="button"
          className="button"
          disabled={sending}
          onClick={() => {
            if (reason === undefined) {
              opened.current = true;
              setReason("");
            } else {
              deny();
            }
          }}
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
