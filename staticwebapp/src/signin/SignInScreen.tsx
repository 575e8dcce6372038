import { Zap } from "lucide-react";
import { useEffect, useId, useRef } from "react";
import { useStore } from "zustand";
import { strings } from "../i18n/strings";
import type { ProviderConfig } from "./config";
import { MicrosoftLogo } from "./MicrosoftLogo";
import { labelOf } from "./provider";
import type { SignIn } from "./signIn";

/** Shown in place of the page, or over it, while no user with access is signed in. */
export default function SignInScreen({ signIn }: { readonly signIn: SignIn }) {
  const { phase, account, opening, note } = useStore(signIn.state);
  const titleId = useId();
  const refused = phase === "refused";
  const title = refused ? strings.noAccess : phase === "asking" ? strings.signingIn : strings.signInTitle;
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new title is read out
  useEffect(() => heading.current?.focus(), [title]);

  return (
    <main className="fixed inset-0 z-50 grid place-items-center overflow-y-auto bg-page p-4" aria-labelledby={titleId}>
      <div className="w-full max-w-sm space-y-6 rounded-2xl border border-line bg-surface p-6 shadow-sm sm:p-8">
        <p className="flex items-center gap-2 font-semibold">
          <span className="grid size-7 place-items-center rounded-lg bg-accent text-on-accent">
            <Zap size="1rem" fill="currentColor" aria-hidden />
          </span>
          FuncChat
        </p>
        <div className="space-y-2">
          <h1 ref={heading} id={titleId} tabIndex={-1} className="font-semibold text-2xl tracking-tight outline-none">
            {title}
          </h1>
          {refused && (
            <p className="[overflow-wrap:anywhere]">
              {strings.signedInAs} <strong className="font-semibold">{account?.email ?? account?.name}</strong>.
            </p>
          )}
          <p role="status" className="text-muted [overflow-wrap:anywhere] empty:hidden">
            {note ?? (phase === "signedOut" ? strings.chatsPerAccount : "")}
          </p>
        </div>
        {phase !== "asking" && (
          <div className="space-y-3">
            {refused && <p className="font-medium text-sm">{strings.otherAccount}</p>}
            {signIn.offers.map((offer) => (
              <ProviderButton
                key={offer.name}
                offer={offer}
                signIn={signIn}
                another={refused}
                opening={opening === offer.name}
              />
            ))}
            {refused && (
              <button type="button" className="button w-full" onClick={() => location.reload()}>
                {strings.tryAgain}
              </button>
            )}
            {signIn.offers.length === 0 && <p>{strings.keysOnly}</p>}
          </div>
        )}
      </div>
    </main>
  );
}

interface ProviderButtonProps {
  readonly offer: ProviderConfig;
  readonly signIn: SignIn;
  readonly another: boolean;
  readonly opening: boolean;
}

function ProviderButton({ offer, signIn, another, opening }: ProviderButtonProps) {
  if (offer.name === "google") {
    return <GoogleButton offer={offer} signIn={signIn} />;
  }
  return (
    <button
      type="button"
      className="button min-h-11 w-full"
      aria-busy={opening}
      onClick={() => void signIn.signIn(offer, another || undefined)}
    >
      {offer.name === "entra" && <MicrosoftLogo />}
      {opening ? strings.openingProvider : strings.continueWith(labelOf(offer))}
    </button>
  );
}

/** Google's own button: only Google's script may draw it. */
function GoogleButton({ offer, signIn }: Pick<ProviderButtonProps, "offer" | "signIn">) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current !== null) {
      void signIn.showButton(offer, place.current);
    }
  }, [offer, signIn]);
  return <div ref={place} className="grid min-h-11 place-items-center [color-scheme:light]" />;
}
