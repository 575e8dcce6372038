/** The month (UTC) of a date, such as 2026-11. */
export function monthOf(date: Date): string {
  return date.toISOString().slice(0, 7);
}

/** The month that is some months later, or with a negative number earlier. */
export function shifted(month: string, by: number): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return monthOf(date);
}
