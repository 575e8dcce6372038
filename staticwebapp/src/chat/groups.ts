import type { Chat } from "./chat";

/** A stretch of the list of chats, under a heading of its own. */
export interface ChatGroup {
  readonly label: string;
  readonly chats: readonly Chat[];
}

const day = 24 * 3_600_000;

/** The chats of the list, in its order, by when they were last asked something. */
export function groupsOf(chats: readonly Chat[], now: number): readonly ChatGroup[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = new Map<string, Chat[]>();
  for (const chat of chats) {
    const label = chat.pinned ? "Pinned" : labelOf(chat.updatedAt, midnight);
    const group = groups.get(label);
    if (group === undefined) {
      groups.set(label, [chat]);
    } else {
      group.push(chat);
    }
  }
  return [...groups].map(([label, members]) => ({ label, chats: members }));
}

function labelOf(time: number, midnight: number): string {
  if (time >= midnight) {
    return "Today";
  }
  // Days are counted with half a day to spare: one of them may be an hour longer or shorter.
  const days = Math.round((midnight - new Date(time).setHours(0, 0, 0, 0)) / day);
  if (days === 1) {
    return "Yesterday";
  }
  if (days <= 7) {
    return "Last 7 days";
  }
  return days <= 30 ? "Last 30 days" : new Date(time).toLocaleDateString("en", { month: "long", year: "numeric" });
}
