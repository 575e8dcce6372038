import { LogIn } from "lucide-react";
import { useEffect } from "react";
import { LazyToasts } from "../components/LazyToasts";
import { useLanguage } from "../hooks/useLanguage";
import { strings } from "../i18n/strings";
import { type Services, ServicesContext } from "../services";
import SharedPage from "./SharedPage";

/** A shared chat for anyone who has the link: no account is needed to read it. */
export default function SharedRoot({ services, shareId }: { readonly services: Services; readonly shareId: string }) {
  useLanguage();
  useEffect(() => {
    document.title = `${strings.sharedChat} – FuncChat`;
  });
  return (
    <ServicesContext value={services}>
      <main className="page flex h-full flex-col">
        <SharedPage
          shareId={shareId}
          action={
            <a className="button" href={`#/continue/${shareId}`}>
              <LogIn size="1rem" aria-hidden /> {strings.signInToContinue}
            </a>
          }
        />
      </main>
      <LazyToasts />
    </ServicesContext>
  );
}
