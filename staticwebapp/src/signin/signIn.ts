import { createStore, type StoreApi } from "zustand/vanilla";
import { strings } from "../i18n/strings";
import type { Account, Credential } from "./account";
import type { ProviderConfig } from "./config";
import { labelOf, type Provider } from "./provider";
import { noteDeparture, type Remembered, takeDeparture } from "./remembered";
import { Session } from "./session";
import { initialSignIn, reduceSignIn, type SignInAction, type SignInState, stateChange } from "./state";

export interface SignInOptions {
  readonly offers: readonly ProviderConfig[];
  readonly load: (offer: ProviderConfig, onSignedIn: (credential: Credential) => void) => Promise<Provider>;
  readonly remembered: Remembered;
  readonly remember: (remembered: Remembered) => void;
  /** Reloads the page: for another account, or for none. */
  readonly reload: () => void;
  readonly now?: () => number;
}

/** Signs users in and out of this page. */
export class SignIn {
  readonly offers: readonly ProviderConfig[];
  readonly state: StoreApi<SignInState> = createStore(() => initialSignIn);
  /** The signed-in user's token. */
  readonly session: Session;
  readonly #options: SignInOptions;
  readonly #providers = new Map<string, Promise<Provider>>();
  #remembered: Remembered;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#remembered = options.remembered;
    this.offers = options.offers;
    const { reload, now = () => Date.now() } = options;
    this.session = new Session({ state: this.state, reload, now });
  }

  /** Completes a sign-in that returns to the page, or tries a silent one where the user signed in last time. */
  async start(): Promise<void> {
    const departure = takeDeparture();
    const offer = this.offers.find(({ name }) => name === (departure?.provider ?? this.#remembered.provider));
    if (offer === undefined) {
      this.#dispatch({ type: "ended" });
      return;
    }
    await this.#try(offer, async (provider) => {
      if (departure === undefined) {
        noteDeparture(offer.name);
        return provider.silently();
      }
      try {
        return await provider.finish();
      } finally {
        history.replaceState(null, "", location.pathname + departure.hash);
      }
    });
  }

  /** Resolves with the first account that signs in. */
  async account(): Promise<Account> {
    for (;;) {
      const { phase, account } = this.state.getState();
      if (phase === "signedIn" && account !== undefined) {
        return account;
      }
      await stateChange(this.state, undefined);
    }
  }

  /** Asks the user to sign in at one of the providers. */
  async signIn(offer: ProviderConfig, another = this.#remembered.left === true): Promise<void> {
    this.#dispatch({ type: "opening", provider: offer.name });
    await this.#try(offer, (provider) => {
      noteDeparture(offer.name);
      return provider.signIn(another);
    });
  }

  /** Shows the provider's own button. */
  async showButton(offer: ProviderConfig, place: HTMLElement): Promise<void> {
    try {
      (await this.#load(offer)).showButton?.(place);
    } catch {
      this.#dispatch({ type: "ended", note: failed(offer) });
    }
  }

  /** Signs the user out. A copy of their chats stays in this browser, for their account only. */
  async signOut(): Promise<void> {
    this.#remembered = { asked: true, left: true };
    this.#options.remember(this.#remembered);
    await this.session.end();
    this.#options.reload();
  }

  /** The user came back from the provider's page with the browser's Back button. */
  cameBack(): void {
    takeDeparture();
    this.#dispatch({ type: "cameBack" });
  }

  async #try(offer: ProviderConfig, attempt: (provider: Provider) => Promise<Credential | undefined>): Promise<void> {
    try {
      const provider = await this.#load(offer);
      const credential = await attempt(provider);
      if (credential === undefined) {
        this.#dispatch({ type: "ended" });
      } else {
        this.#signedIn(offer, provider, credential);
      }
    } catch {
      this.#dispatch({ type: "ended", note: failed(offer) });
    }
    takeDeparture();
  }

  #signedIn(offer: ProviderConfig, provider: Provider, credential: Credential): void {
    this.#remembered = { asked: true, provider: offer.name };
    this.#options.remember(this.#remembered);
    this.session.begin(provider, credential);
  }

  #load(offer: ProviderConfig): Promise<Provider> {
    let provider = this.#providers.get(offer.name);
    if (provider === undefined) {
      const loading = this.#options.load(
        offer,
        (credential) => void loading.then((loaded) => this.#signedIn(offer, loaded, credential)),
      );
      provider = loading;
      this.#providers.set(offer.name, provider);
      // Loading may succeed another time.
      provider.catch(() => this.#providers.delete(offer.name));
    }
    return provider;
  }

  #dispatch(action: SignInAction): void {
    this.state.setState((state) => reduceSignIn(state, action), true);
  }
}

const failed = (offer: ProviderConfig) => strings.signInFailed(labelOf(offer));
