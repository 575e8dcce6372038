import { MessageCircleQuestion } from "lucide-react";
import { strings } from "../i18n/strings";

/** At the end of a line of the list: a chat waits for the user. */
export function WaitingMark() {
  return (
    <MessageCircleQuestion
      size="0.875rem"
      className="ms-auto shrink-0 text-accent"
      aria-label={strings.waitingForYou}
    />
  );
}
