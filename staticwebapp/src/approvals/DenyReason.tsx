import { strings } from "../i18n/strings";

interface DenyReasonProps {
  readonly reason: string;
  readonly onChange: (reason: string) => void;
}

/** Why a call is denied, which the model reads. */
export function DenyReason({ reason, onChange }: DenyReasonProps) {
  return (
    <input
      className="field w-full"
      aria-label={strings.denyReason}
      placeholder={strings.denyReason}
      maxLength={2000}
      value={reason}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** The denial with its reason, if one was entered. */
export function denial(reason = "") {
  const text = reason.trim();
  return { type: "deny" as const, ...(text === "" ? {} : { reason: text }) };
}
