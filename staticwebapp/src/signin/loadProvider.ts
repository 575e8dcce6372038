import type { Credential } from "./account";
import type { ProviderConfig } from "./config";
import type { Provider } from "./provider";

/** Loads a provider's part of the page. Whoever signs in unasked, such as by Google's own button, is handed over. */
export async function loadProvider(
  offer: ProviderConfig,
  onSignedIn: (credential: Credential) => void,
): Promise<Provider> {
  switch (offer.name) {
    case "google":
      return (await import("./googleProvider")).createGoogleProvider(offer, onSignedIn);
    default:
      return (await import("./openIdProvider")).createOpenIdProvider(offer);
  }
}
