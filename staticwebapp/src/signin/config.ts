import { type Backoff, defaultBackoff, delayAfter, pause } from "../api/backoff";
import { limitedFetch } from "../api/limitedFetch";
import { asArray, asRecord } from "../records";

/** An identity provider that the server names in `GET /api/config`. */
export interface ProviderConfig {
  readonly name: string;
  readonly authority: string;
  readonly clientId: string;
}

export interface SignInConfig {
  readonly required: boolean;
  readonly providers: readonly ProviderConfig[];
}

/** Asks the server whether and where users sign in, until it responds. */
export async function loadSignInConfig(
  base: string,
  onUnreachable: () => void,
  backoff: Backoff = defaultBackoff,
): Promise<SignInConfig> {
  for (let failures = 1; ; failures++) {
    try {
      const response = await limitedFetch(`${base}/api/config`, { cache: "no-store" });
      if (response.ok) {
        return toConfig(await response.json());
      }
    } catch {
      // Down, starting, or offline; or a static host that answers with the page.
    }
    onUnreachable();
    await pause(delayAfter(failures, backoff));
  }
}

export function toConfig(body: unknown): SignInConfig {
  const { required, providers } = asRecord(asRecord(body)["sign_in"]);
  return {
    required: required === true,
    providers: asArray(providers).flatMap((provider) => {
      const { name, authority, client_id: clientId } = asRecord(provider);
      return typeof name === "string" && typeof authority === "string" && typeof clientId === "string"
        ? [{ name, authority, clientId }]
        : [];
    }),
  };
}
