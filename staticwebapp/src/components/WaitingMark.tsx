import { MessageCircleQuestion } from "lucide-react";
import { strings } from "../i18n/strings";

/** A chat, or another version of a message, waits for the user. */
export function WaitingMark() {
  return (
    <MessageCircleQuestion
      size="0.875rem"
      className="ms-auto shrink-0 text-accent"
      aria-label={strings.waitingForYou}
      data-waiting-mark
    />
  );
}
