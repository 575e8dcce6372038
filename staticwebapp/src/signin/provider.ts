import type { Credential } from "./account";
import type { ProviderConfig } from "./config";

/** One way to sign in, over the library that its provider is best reached with. */
export interface Provider {
  /** What the provider's redirect has brought back to this page, if anything. */
  finish(): Promise<Credential | undefined>;
  /**
   * Asks the person; resolves when they have signed in, or never where the page is left for it.
   * @param another Whether they are to choose anew, though the provider knows somebody.
   */
  signIn(another: boolean): Promise<Credential | undefined>;
  /** Signs in whom the provider knows, when the page opens. It may leave the page for it. */
  silently(): Promise<Credential | undefined>;
  /**
   * Another token for the same person, without a word and without leaving the page; undefined when the provider asks
   * for the person. It may be the token that was there before, where the provider takes it to be good still.
   * @throws when the provider can't be reached.
   */
  renew(): Promise<Credential | undefined>;
  /** Forgets the person here, and takes back what would sign them in again. */
  forget(): Promise<void>;
  /** Draws the provider's own button, where it has to be that. */
  showButton?(place: HTMLElement): void;
}

/** Where providers send people back to; to be registered with each. */
export const redirectUri = () => `${location.origin}/`;

export function labelOf({ name }: ProviderConfig): string {
  return name === "entra"
    ? "Microsoft"
    : name.replace(/(^|-)([a-z])/g, (_, dash, letter) => (dash ? " " : "") + letter.toUpperCase());
}
