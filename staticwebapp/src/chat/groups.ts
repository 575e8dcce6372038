import { groupedBy } from "../groupedBy";
import { language, strings } from "../i18n/strings";
import type { Chat } from "./chat";

/** A section of the list of chats, under a heading of its own. */
export interface ChatGroup {
  readonly label: string;
  readonly chats: readonly Chat[];
}

const day = 24 * 3_600_000;

/** The chats of the list, in its order, by when they were last used. */
export function groupsOf(chats: readonly Chat[], now: number): readonly ChatGroup[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = groupedBy(chats, (chat) => (chat.pinned ? strings.pinned : labelOf(chat.updatedAt, midnight)));
  return [...groups].map(([label, members]) => ({ label, chats: members }));
}

function labelOf(time: number, midnight: number): string {
  if (time >= midnight) {
    return strings.today;
  }
  // Rounded, because one of the days may be an hour longer or shorter.
  const days = Math.round((midnight - new Date(time).setHours(0, 0, 0, 0)) / day);
  if (days === 1) {
    return strings.yesterday;
  }
  if (days <= 7) {
    return strings.last7Days;
  }
  return days <= 30
    ? strings.last30Days
    : new Date(time).toLocaleDateString(language.getState(), { month: "long", year: "numeric" });
}
