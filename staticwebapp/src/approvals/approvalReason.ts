import type { ApprovalRequestData } from "../api/events";
import { strings } from "../i18n/strings";

/** Why a call needs an approval: in the user's language, or as the server writes it where the page does not know the code. */
export function approvalReason({
  reason,
  reason_code: code,
}: Pick<ApprovalRequestData, "reason" | "reason_code">): string | undefined {
  return (code && strings.approvalReasons[code]) ?? reason;
}
