import type { StoreApi } from "zustand/vanilla";
import type { Access } from "../api/access";
import { unreachable } from "../api/problem";
import type { Credential } from "./account";
import type { Provider } from "./provider";
import { reduceSignIn, type SignInAction, type SignInState, stateChange } from "./state";

export interface SessionOptions {
  readonly state: StoreApi<SignInState>;
  /** Opens the page anew, for another account. */
  readonly reload: () => void;
  readonly now: () => number;
}

/** A token is renewed when so little of its time is left. */
const renewBeforeMs = 5 * 60_000;

/** What came of asking the provider for another token; `same` is the very one that was there before. */
type Renewal = "renewed" | "same" | "refused";

const ended = "Your sign-in has ended. Sign in again to go on: nothing you wrote is lost.";

/** The token of whoever is signed in, for as long as the provider renews it. It is here, in memory, and nowhere else. */
export class Session implements Access {
  readonly #options: SessionOptions;
  #provider: Provider | undefined;
  #credential: Credential | undefined;
  #renewal: Promise<Renewal> | undefined;
  /** The token that was had because the API rejected the one before it. */
  #lastChance: string | undefined;
  /** The token that the provider would not renew before its end. */
  #unrenewable: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Somebody has signed in. */
  begin(provider: Provider, credential: Credential): void {
    this.#provider = provider;
    this.#take(credential);
  }

  /** Forgets the token, and takes back what would renew it. */
  async end(): Promise<void> {
    this.#credential = undefined;
    await this.#provider?.forget().catch(() => {}); // here it is gone, whether or not the provider could be told
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
    const renewal = await this.#renew().catch(() => {
      throw unreachable();
    });
    if (renewal === "renewed") {
      this.#lastChance = this.#credential?.token;
    } else {
      // A token that the provider stands by has not ended: only the API knows what is wrong with it.
      this.#dispatch({ type: "ended", note: renewal === "same" ? why : ended });
    }
  }

  refused(token: string, why: string): void {
    if (token === this.#credential?.token) {
      this.#dispatch({ type: "refused", note: why });
    }
  }

  /** One renewal at a time, whoever asks for it. */
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
      return "renewed"; // somebody has signed in meanwhile
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
      this.#options.reload(); // nothing of the one who was here is to be seen
      return;
    }
    this.#dispatch({ type: "signedIn", account: credential.account });
  }

  #dispatch(action: SignInAction): void {
    this.#options.state.setState((state) => reduceSignIn(state, action), true);
  }
}
