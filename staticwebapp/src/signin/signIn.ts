import { createStore, type StoreApi } from "zustand/vanilla";
import type { Access } from "../api/access";
import { unreachable } from "../api/problem";
import type { Account, Credential } from "./account";
import type { ProviderOffer } from "./config";
import { labelOf, type Provider } from "./provider";
import { noteDeparture, type Remembered, takeDeparture } from "./remembered";
import { initialSignIn, reduceSignIn, type SignInAction, type SignInState } from "./state";

export interface SignInOptions {
  readonly offers: readonly ProviderOffer[];
  readonly load: (offer: ProviderOffer, onSignedIn: (credential: Credential) => void) => Promise<Provider>;
  readonly remembered: Remembered;
  readonly remember: (remembered: Remembered) => void;
  /** Opens the page anew: for another account, or for none. */
  readonly reload: () => void;
  readonly now?: () => number;
}

/** A token is renewed when so little of its time is left. */
const renewBeforeMs = 5 * 60_000;

/** The person at this page: who it is, and the token that tells the API so. The token is here alone. */
export class SignIn implements Access {
  readonly offers: readonly ProviderOffer[];
  readonly state: StoreApi<SignInState> = createStore(() => initialSignIn);
  readonly #options: SignInOptions;
  readonly #providers = new Map<string, Promise<Provider>>();
  readonly #now: () => number;
  #remembered: Remembered;
  #provider: Provider | undefined;
  #credential: Credential | undefined;
  #renewal: Promise<boolean> | undefined;
  /** The token that was had because the API rejected the one before it. */
  #lastChance: string | undefined;
  /** The token that the provider would not renew before its end. */
  #unrenewable: string | undefined;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#remembered = options.remembered;
    this.offers = options.offers;
    this.#now = options.now ?? Date.now;
  }

  /** Ends a sign-in that left the page and comes back to it, or begins one without a word where that was last done. */
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
      const credential = await provider.finish();
      history.replaceState(null, "", location.pathname + departure.hash);
      return credential;
    });
  }

  /** Resolves with whoever signs in first. */
  async account(): Promise<Account> {
    for (;;) {
      const { phase, account } = this.state.getState();
      if (phase === "signedIn" && account !== undefined) {
        return account;
      }
      await this.#change(undefined);
    }
  }

  /** Asks the person, at one of the providers. */
  async signIn(offer: ProviderOffer, another = this.#remembered.left === true): Promise<void> {
    this.#dispatch({ type: "opening", provider: offer.name });
    await this.#try(offer, (provider) => {
      noteDeparture(offer.name);
      return provider.signIn(another);
    });
  }

  /** Draws the provider's own button. */
  async showButton(offer: ProviderOffer, place: HTMLElement): Promise<void> {
    try {
      (await this.#load(offer)).showButton?.(place);
    } catch {
      this.#dispatch({ type: "ended", note: failed(offer) });
    }
  }

  /** The person goes; what they have said here stays in this browser, for them alone. */
  async signOut(): Promise<void> {
    this.#remembered = { asked: true, left: true };
    this.#options.remember(this.#remembered);
    this.#credential = undefined;
    await this.#provider?.forget().catch(() => {}); // here they are gone, whether or not the provider could be told
    this.#options.reload();
  }

  /** The provider's page was left by the browser's Back, and this one is as it was. */
  cameBack(): void {
    takeDeparture();
    this.#dispatch({ type: "cameBack" });
  }

  async token(signal: AbortSignal | null | undefined): Promise<string> {
    for (;;) {
      const { phase } = this.state.getState();
      const credential = this.#credential;
      if (phase !== "signedIn" || credential === undefined) {
        await this.#change(signal);
        continue;
      }
      const left = credential.expiresAt - this.#now();
      if (left > renewBeforeMs || (left > 0 && this.#unrenewable === credential.token)) {
        return credential.token;
      }
      try {
        if (!(await this.#renew())) {
          this.#unrenewable = credential.token;
          if (left <= 0) {
            this.#dispatch({ type: "ended", note: ended });
          }
        }
      } catch {
        if (left <= 0) {
          throw unreachable();
        }
        return credential.token;
      }
    }
  }

  async rejected(token: string, why: string): Promise<void> {
    if (token !== this.#credential?.token) {
      return; // another request has seen to it
    }
    if (token === this.#lastChance) {
      this.#dispatch({ type: "ended", note: why });
      return;
    }
    const renewed = await this.#renew().catch(() => {
      throw unreachable();
    });
    if (renewed) {
      this.#lastChance = this.#credential?.token;
    } else {
      this.#dispatch({ type: "ended", note: ended });
    }
  }

  refused(token: string, why: string): void {
    if (token === this.#credential?.token) {
      this.#dispatch({ type: "refused", note: why });
    }
  }

  /** One renewal at a time, whoever asks for it. */
  #renew(): Promise<boolean> {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewNow(): Promise<boolean> {
    const before = this.#credential;
    const renewed = await this.#provider?.renew();
    if (renewed !== undefined && before === this.#credential) {
      this.#take(renewed);
    }
    return before !== this.#credential;
  }

  async #try(offer: ProviderOffer, attempt: (provider: Provider) => Promise<Credential | undefined>): Promise<void> {
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

  #signedIn(offer: ProviderOffer, provider: Provider, credential: Credential): void {
    this.#provider = provider;
    this.#remembered = { asked: true, provider: offer.name };
    this.#options.remember(this.#remembered);
    this.#take(credential);
  }

  #take(credential: Credential): void {
    const { account } = this.state.getState();
    this.#credential = credential;
    if (account !== undefined && account.id !== credential.account.id) {
      this.#options.reload(); // nothing of the one who was here is to be seen
      return;
    }
    this.#dispatch({ type: "signedIn", account: credential.account });
  }

  #load(offer: ProviderOffer): Promise<Provider> {
    let provider = this.#providers.get(offer.name);
    if (provider === undefined) {
      const loading = this.#options.load(
        offer,
        (credential) => void loading.then((loaded) => this.#signedIn(offer, loaded, credential)),
      );
      provider = loading;
      this.#providers.set(offer.name, provider);
      // What could not be loaded may be another time.
      provider.catch(() => this.#providers.delete(offer.name));
    }
    return provider;
  }

  /** Resolves when the state changes. */
  #change(signal: AbortSignal | null | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        unsubscribe();
        signal?.removeEventListener("abort", done);
        signal?.aborted ? reject(signal.reason) : resolve();
      };
      const unsubscribe = this.state.subscribe(done);
      signal?.addEventListener("abort", done);
      if (signal?.aborted) {
        done();
      }
    });
  }

  #dispatch(action: SignInAction): void {
    this.state.setState((state) => reduceSignIn(state, action), true);
  }
}

const ended = "Your sign-in has ended. Sign in again to go on: nothing you wrote is lost.";

const failed = (offer: ProviderOffer) => `Signing in with ${labelOf(offer)} did not work. Try again.`;
