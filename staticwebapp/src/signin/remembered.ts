import { asRecord } from "../records";
/** What this browser remembers about the sign-in between visits: no token, and no name. */
export interface Remembered {
  /** Whether the server required a sign-in at the last visit; absent on the first visit. */
  readonly asked?: boolean;
  /** Where to sign in silently. */
  readonly provider?: string;
  /** The user has signed out: the next sign-in asks for an account, even if the provider knows one. */
  readonly left?: boolean;
}

export const rememberedKey = "funcchat.signin";

export function readRemembered(): Remembered {
  try {
    return asRecord(JSON.parse(localStorage.getItem(rememberedKey) ?? "{}"));
  } catch {
    return {};
  }
}

export function remember(remembered: Remembered): void {
  try {
    localStorage.setItem(rememberedKey, JSON.stringify(remembered));
  } catch {
    // Without storage, the page asks at every visit.
  }
}

/** A redirect to a provider's page, from which this tab expects to return. */
interface Departure {
  readonly provider: string;
  /** What was shown: the part after the #, which providers drop. */
  readonly hash: string;
}

const departureKey = "funcchat.departure";

export function noteDeparture(provider: string): void {
  sessionStorage.setItem(departureKey, JSON.stringify({ provider, hash: location.hash } satisfies Departure));
}

/** The redirect that this page returns from, once. */
export function takeDeparture(): Departure | undefined {
  const text = sessionStorage.getItem(departureKey);
  sessionStorage.removeItem(departureKey);
  return text === null ? undefined : (JSON.parse(text) as Departure);
}
