import type { Backoff } from "../api/backoff";
import { loadSignInConfig, type SignInConfig } from "./config";
import { loadProvider } from "./loadProvider";
import { readRemembered, remember, rememberedKey } from "./remembered";
import { SignIn } from "./signIn";

export interface OpenSignInOptions {
  /** The API's address. */
  readonly base: Promise<string>;
  /** Shows the sign-in, which is not part of the page's first load. */
  readonly show: (signIn: SignIn) => void;
  readonly onUnreachable: () => void;
  /** Whether the account is known whose chats this browser has stored. */
  readonly knowsOwner: () => boolean;
  /** Reloads the page. */
  readonly reload: () => void;
  readonly backoff?: Backoff;
}

/**
 * Signs the user in where the server requires it; undefined where it does not. A page that needed no sign-in last time
 * opens at once, and so does one whose server is down on the first visit: it is reloaded if the server requires a
 * sign-in after all. Where the user is known and the server can't be reached, the page opens offline, and is reloaded once the server responds.
 */
export async function openSignIn(options: OpenSignInOptions): Promise<SignIn | "offline" | undefined> {
  const { asked, left } = readRemembered();
  let fail = () => {};
  const unreached = new Promise<undefined>((resolve) => {
    fail = () => resolve(undefined);
  });
  const onUnreachable = () => {
    fail();
    options.onUnreachable();
  };
  const answer = options.base.then((url) => loadSignInConfig(url, onUnreachable, options.backoff));

  if (asked === true && (left === true || !options.knowsOwner())) {
    return open(await answer, options);
  }
  const config = asked === false ? undefined : await Promise.race([answer, unreached]);
  if (config !== undefined) {
    return open(config, options);
  }
  if (asked === true) {
    void answer.then(options.reload);
    return "offline";
  }
  void answer.then(({ required }) => {
    remember({ asked: required });
    if (required) {
      options.reload();
    }
  });
  return undefined;
}

async function open(
  { required, providers }: SignInConfig,
  { show, reload }: OpenSignInOptions,
): Promise<SignIn | undefined> {
  if (!required) {
    remember({ asked: false });
    return undefined;
  }
  const remembered = { ...readRemembered(), asked: true };
  remember(remembered);
  const signIn = new SignIn({ offers: providers, load: loadProvider, remembered, remember, reload });
  addEventListener("storage", ({ key }) => {
    if (key === rememberedKey && readRemembered().left === true) {
      reload(); // signing out in one tab signs out in all of them
    }
  });
  addEventListener("pageshow", ({ persisted }) => persisted && signIn.cameBack());
  show(signIn);
  await signIn.start();
  return signIn;
}
