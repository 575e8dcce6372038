import type { Credential } from "./account";
import type { ProviderConfig } from "./config";

/** One way to sign in, through the library that suits its provider best. */
export interface Provider {
  /** The credential that the provider's redirect brought back to this page, if any. */
  finish(): Promise<Credential | undefined>;
  /**
   * Asks the user; resolves after the sign-in, or never where the page is left for it.
   * @param another Whether the user must choose an account even though the provider knows one.
   */
  signIn(another: boolean): Promise<Credential | undefined>;
  /** Signs in the account that the provider knows, when the page opens. It may leave the page for it. */
  silently(): Promise<Credential | undefined>;
  /**
   * Another token for the same account, without asking and without leaving the page; undefined when the provider needs
   * to ask the user. It may be the token from before, where the provider still considers it valid.
   * @throws when the provider can't be reached.
   */
  renew(): Promise<Credential | undefined>;
  /** Forgets the account here, and revokes what would sign it in again. */
  forget(): Promise<void>;
  /** Shows the provider's own button, where the provider requires it. */
  showButton?(place: HTMLElement): void;
}

/** Where providers redirect to; it must be registered with each of them. */
export const redirectUri = () => `${location.origin}/`;

export function labelOf({ name }: ProviderConfig): string {
  return name === "entra"
    ? "Microsoft"
    : name.replace(/(^|-)([a-z])/g, (_, dash, letter) => (dash ? " " : "") + letter.toUpperCase());
}
