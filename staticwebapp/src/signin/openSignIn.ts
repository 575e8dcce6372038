import type { Backoff } from "../api/backoff";
import { loadSignInConfig, type SignInConfig } from "./config";
import { loadProvider } from "./loadProvider";
import { readRemembered, remember, rememberedKey } from "./remembered";
import { SignIn } from "./signIn";

export interface OpenSignInOptions {
  /** The API's address. */
  readonly base: Promise<string>;
  /** Shows the sign-in, which is none of the page's first load. */
  readonly show: (signIn: SignIn) => void;
  readonly onUnreachable: () => void;
  /** Opens the page anew. */
  readonly reload: () => void;
  readonly backoff?: Backoff;
}

/**
 * Signs in whoever opens the page, where the server asks for it; undefined where it asks for nobody. A page that was not
 * asked last time opens at once, and so does one whose server is down on the first visit: it is opened anew if the
 * server asks after all.
 */
export async function openSignIn(options: OpenSignInOptions): Promise<SignIn | undefined> {
  const { asked } = readRemembered();
  let fail = () => {};
  const unreached = new Promise<undefined>((resolve) => {
    fail = () => resolve(undefined);
  });
  const onUnreachable = () => {
    fail();
    options.onUnreachable();
  };
  const answer = options.base.then((url) => loadSignInConfig(url, onUnreachable, options.backoff));

  if (asked === true) {
    return open(await answer, options);
  }
  const config = asked === false ? undefined : await Promise.race([answer, unreached]);
  if (config !== undefined) {
    return open(config, options);
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
      reload(); // signed out in another tab, and so in all of them
    }
  });
  addEventListener("pageshow", ({ persisted }) => persisted && signIn.cameBack());
  show(signIn);
  await signIn.start();
  return signIn;
}
