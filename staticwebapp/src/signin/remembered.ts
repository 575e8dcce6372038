/** What this browser remembers of the sign-in from one visit to the next: no token, and nobody's name. */
export interface Remembered {
  /** Whether the server asked for a sign-in when it was last here; absent on the first visit. */
  readonly asked?: boolean;
  /** Where to sign in again without a word. */
  readonly provider?: string;
  /** Somebody has signed out: the next one is asked who they are, whomever the provider knows. */
  readonly left?: boolean;
}

export const rememberedKey = "funcchat.signin";

export function readRemembered(): Remembered {
  try {
    const remembered: unknown = JSON.parse(localStorage.getItem(rememberedKey) ?? "{}");
    return typeof remembered === "object" && remembered !== null ? remembered : {};
  } catch {
    return {};
  }
}

export function remember(remembered: Remembered): void {
  try {
    localStorage.setItem(rememberedKey, JSON.stringify(remembered));
  } catch {
    // A browser that keeps nothing asks at every visit.
  }
}

/** A way out to a provider's page, which this tab expects back. */
interface Departure {
  readonly provider: string;
  /** Where the person was: behind the #, which providers would take away. */
  readonly hash: string;
}

const departureKey = "funcchat.departure";

export function noteDeparture(provider: string): void {
  sessionStorage.setItem(departureKey, JSON.stringify({ provider, hash: location.hash } satisfies Departure));
}

/** Where this page comes back from, once. */
export function takeDeparture(): Departure | undefined {
  const text = sessionStorage.getItem(departureKey);
  sessionStorage.removeItem(departureKey);
  return text === null ? undefined : (JSON.parse(text) as Departure);
}
