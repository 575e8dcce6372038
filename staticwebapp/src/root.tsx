import { useSyncExternalStore } from "react";
import { App } from "./app";
import { Lazy } from "./components/Lazy";
import { LoadError } from "./components/LoadError";
import { onDemand } from "./components/onDemand";
import { useLanguage } from "./hooks/useLanguage";
import { type Services, ServicesContext } from "./services";
import type { SignIn } from "./signin/signIn";

const SignInScreen = onDemand(() => import("./signin/SignInScreen"));

interface RootProps {
  /** Absent where the server asks for no sign-in. */
  readonly signIn?: SignIn | undefined;
  /** Absent until a user has signed in. */
  readonly services?: Services | undefined;
}

/** The page, and over it the sign-in where one is needed. The page keeps working underneath. */
export function Root({ signIn, services }: RootProps) {
  const covered = useCovered(signIn);
  useLanguage();
  return (
    <>
      {services !== undefined && (
        <div className="h-full" inert={covered}>
          <ServicesContext value={services}>
            <App />
          </ServicesContext>
        </div>
      )}
      {covered && signIn !== undefined && (
        <Lazy error={<LoadError />}>
          <SignInScreen signIn={signIn} />
        </Lazy>
      )}
    </>
  );
}

function useCovered(signIn: SignIn | undefined): boolean {
  return useSyncExternalStore(
    signIn?.state.subscribe ?? never,
    () => signIn !== undefined && signIn.state.getState().phase !== "signedIn",
  );
}

const never = () => () => {};
