import { loadSignInConfig, type SignInConfig } from "./config";
import { loadProvider } from "./provider";
import { readRemembered, remember, rememberedKey } from "./remembered";
import { SignIn } from "./signIn";

/**
 * Signs in whoever opens the page, where the server asks for it; undefined where it asks for nobody. A page that was not
 * asked last time opens at once, and so does one whose server is down: it is opened anew if the server asks after all.
 * @param show Shows the sign-in, which is none of this page's first load.
 */
export async function openSignIn(
  base: Promise<string>,
  show: (signIn: SignIn) => void,
  onUnreachable: () => void,
): Promise<SignIn | undefined> {
  const remembered = readRemembered();
  const reload = () => location.reload();
  let fail = () => {};
  const unreached = new Promise<undefined>((resolve) => {
    fail = () => resolve(undefined);
  });
  const answer = base.then((url) =>
    loadSignInConfig(url, () => {
      fail();
      onUnreachable();
    }),
  );

  if (remembered.asked !== true) {
    const config = remembered.asked === false ? undefined : await Promise.race([answer, unreached]);
    if (config === undefined) {
      void answer.then(({ required }) => {
        remember({ asked: required });
        if (required) {
          reload();
        }
      });
      return undefined;
    }
    return open(config);
  }
  return open(await answer);

  async function open({ required, providers }: SignInConfig): Promise<SignIn | undefined> {
    if (!required) {
      remember({ asked: false });
      return undefined;
    }
    const known = { ...remembered, asked: true };
    remember(known);
    const signIn = new SignIn({ offers: providers, load: loadProvider, remembered: known, remember, reload });
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
}
