/** An id of the form that the server accepts as `turn_id` (8–64 of [A-Za-z0-9_-]), too random to be guessed. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
