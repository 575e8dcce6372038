import type { StoreApi } from "zustand/vanilla";
import type { Access } from "../api/access";
import { unreachable } from "../api/problem";
import { strings } from "../i18n/strings";
import type { Credential } from "./account";
import type { Provider } from "./provider";
import { reduceSignIn, type SignInAction, type SignInState, stateChange } from "./state";

export interface SessionOptions {
  readonly state: StoreApi<SignInState>;
  /** Reloads the page for another account. */
  readonly reload: () => void;
  readonly now: () => number;
}

/** A token is renewed when less of its lifetime is left. */
const renewBeforeMs = 5 * 60_000;

/** The result of asking the provider for another token; `same` is the token from before. */
type Renewal = "renewed" | "same" | "refused";

/** The signed-in user's token, renewed as long as the provider allows. It is kept in memory only. */
export class Session implements Access {
  readonly #options: SessionOptions;
  #provider: Provider | undefined;
  #credential: Credential | undefined;
  #renewal: Promise<Renewal> | undefined;
  /** The token that replaced one that the API rejected. */
  #lastChance: string | undefined;
  /** The token that the provider does not renew before it expires. */
  #unrenewable: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** A user has signed in. */
  begin(provider: Provider, credential: Credential): void {
    this.#provider = provider;
    this.#take(credential);
  }

  /** Forgets the token, and revokes what would renew it. */
  async end(): Promise<void> {
    this.#credential = undefined;
    await this.#provider?.forget().catch(() => {}); // it is gone here, even if the provider could not be reached
  }

  async token(signal: AbortSignal | null | undefined): Promise<string> {
    for (;;) {
      const credential = this.#credential;
      if (this.#options.state.getState().phase !== "signedIn" || credential === undefined) {
        await stateChange(this.#options.state, signal);
        continue;
      }
      const left = credential.expiresAt - this.#options.now();
      if (left > renewBeforeMs || (left > 0 && this.#unrenewable === credential.token)) {
        return credential.token;
      }
      try {
        if ((await this.#renew()) !== "renewed") {
          this.#unrenewable = credential.token;
          if (left <= 0) {
            this.#dispatch({ type: "ended", note: strings.signInEnded });
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
      return; // another request has handled it
    }
    if (token === this.#lastChance) {
      this.#dispatch({ type: "ended", note: why });
      return;
    }
    const renewal = await this.#renew().catch(() => {
      throw unreachable();
    });
    if (renewal === "renewed") {
      this.#lastChance = this.#credential?.token;
    } else {
      // A token that the provider still returns has not expired: only the API knows why it is rejected.
      this.#dispatch({ type: "ended", note: renewal === "same" ? why : strings.signInEnded });
    }
  }

  refused(token: string, why: string): void {
    if (token === this.#credential?.token) {
      this.#dispatch({ type: "refused", note: why });
    }
  }

  /** One renewal at a time, shared by all requests. */
  #renew(): Promise<Renewal> {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewNow(): Promise<Renewal> {
    const before = this.#credential;
    const credential = await this.#provider?.renew();
    if (before !== this.#credential) {
      return "renewed"; // the user has signed in meanwhile
    }
    if (credential === undefined) {
      return "refused";
    }
    if (credential.token === before?.token) {
      return "same";
    }
    this.#take(credential);
    return "renewed";
  }

  #take(credential: Credential): void {
    const { account } = this.#options.state.getState();
    this.#credential = credential;
    if (account !== undefined && account.id !== credential.account.id) {
      this.#options.reload(); // nothing of the previous account may be shown
      return;
    }
    this.#dispatch({ type: "signedIn", account: credential.account });
  }

  #dispatch(action: SignInAction): void {
    this.#options.state.setState((state) => reduceSignIn(state, action), true);
  }
}
