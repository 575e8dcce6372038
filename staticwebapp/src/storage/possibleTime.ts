const earliest = Date.UTC(2000, 0, 1);
const ahead = 24 * 3_600_000;

/** The time, if a chat can be from then, as the server requires; otherwise now. A file may contain any number. */
export function possibleTime(time: number, now: number): number {
  return time >= earliest && time <= now + ahead ? time : now;
}
