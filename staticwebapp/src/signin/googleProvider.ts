import { type Credential, credentialOf } from "./account";
import type { ProviderConfig } from "./config";
import type { Provider } from "./provider";

/** The part of Google Identity Services that is used here. https://developers.google.com/identity/gsi/web/reference/js-reference */
interface GoogleId {
  initialize(options: Record<string, unknown>): void;
  renderButton(place: HTMLElement, options: Record<string, unknown>): void;
  prompt(onMoment: (moment: { isSkippedMoment(): boolean; isDismissedMoment(): boolean }) => void): void;
  disableAutoSelect(): void;
}

const source = "https://accounts.google.com/gsi/client";

/** Google needs a moment to ask the browser; a later credential still signs in. */
const promptMs = 8_000;

/** Google's ID tokens are valid for an hour, without a refresh token: a new one comes from asking Google again. */
export async function createGoogleProvider(
  { clientId }: ProviderConfig,
  onSignedIn: (credential: Credential) => void,
): Promise<Provider> {
  const google = await loadGoogle();
  let onNext: (credential: Credential | undefined) => void = () => {};
  google.initialize({
    client_id: clientId,
    auto_select: true,
    callback: ({ credential }: { credential: string }) => {
      const received = credentialOf(credential, Date.now());
      onSignedIn(received);
      onNext(received);
    },
  });
  const ask = () =>
    new Promise<Credential | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(undefined), promptMs);
      onNext = (credential) => {
        clearTimeout(timer);
        resolve(credential);
      };
      google.prompt((moment) => {
        if (moment.isSkippedMoment() || moment.isDismissedMoment()) {
          onNext(undefined);
        }
      });
    });

  return {
    finish: async () => undefined,
    signIn: ask,
    silently: ask,
    renew: ask,
    forget: async () => google.disableAutoSelect(),
    showButton: (place) =>
      google.renderButton(place, {
        type: "standard",
        theme: "outline",
        size: "large",
        text: "continue_with",
        width: Math.min(400, place.clientWidth),
      }),
  };
}

async function loadGoogle(): Promise<GoogleId> {
  // Google checks the page's origin against the client id; the page itself sends no referrer.
  const referrer = document.createElement("meta");
  referrer.name = "referrer";
  referrer.content = "strict-origin";
  const script = document.createElement("script");
  script.src = source;
  await new Promise<void>((resolve, reject) => {
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("Google's script was not loaded."));
    document.head.append(referrer, script);
  });
  return (globalThis as unknown as { google: { accounts: { id: GoogleId } } }).google.accounts.id;
}
