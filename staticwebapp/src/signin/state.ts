import type { StoreApi } from "zustand/vanilla";
import type { Account } from "./account";

/** The visible state of the sign-in, without tokens. */
export interface SignInState {
  /** `refused` is signed in without access. */
  readonly phase: "asking" | "signedOut" | "signedIn" | "refused";
  /** The account that is signed in, or was until just now. */
  readonly account?: Account | undefined;
  /** The provider whose page is opening. */
  readonly opening?: string | undefined;
  /** What the user should know, in a sentence. */
  readonly note?: string | undefined;
}

export type SignInAction =
  | { readonly type: "opening"; readonly provider: string }
  /** The user came back from the provider's page with the browser's Back button. */
  | { readonly type: "cameBack" }
  | { readonly type: "signedIn"; readonly account: Account }
  /** No user is signed in any more. */
  | { readonly type: "ended"; readonly note?: string | undefined }
  | { readonly type: "refused"; readonly note: string };

export const initialSignIn: SignInState = { phase: "asking" };

export function reduceSignIn(state: SignInState, action: SignInAction): SignInState {
  switch (action.type) {
    case "opening":
      return state.phase === "signedIn" ? state : { ...state, opening: action.provider, note: undefined };
    case "cameBack":
      return { ...state, opening: undefined };
    case "signedIn":
      return { phase: "signedIn", account: action.account };
    case "ended":
      return { phase: "signedOut", account: state.account, note: action.note };
    case "refused":
      // Late responses to requests of an account that has signed out do not apply to the next one.
      return state.phase === "signedIn" ? { phase: "refused", account: state.account, note: action.note } : state;
  }
}

/** Resolves when the state changes, and throws when the signal is aborted. */
export function stateChange(state: StoreApi<SignInState>, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      unsubscribe();
      signal?.removeEventListener("abort", done);
      if (signal?.aborted) {
        reject(signal.reason);
      } else {
        resolve();
      }
    };
    const unsubscribe = state.subscribe(done);
    signal?.addEventListener("abort", done);
    if (signal?.aborted) {
      done();
    }
  });
}
