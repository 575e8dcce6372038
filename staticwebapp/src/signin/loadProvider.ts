import type { Credential } from "./account";
import type { ProviderConfig } from "./config";
import type { Provider } from "./provider";

/** Loads a provider's part of the page. A sign-in that the page did not start, such as by Google's own button, is reported. */
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
