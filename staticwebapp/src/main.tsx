import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadApiBase } from "./api/config";
import { refuseDrops } from "./attachments/refuseDrops";
import { LoadError } from "./components/LoadError";
import { strings } from "./i18n/strings";
import { installServiceWorker } from "./offline";
import { Root } from "./root";
import { completeReturnedSignIn, noteReturnedSignIn } from "./servers/returnedSignIn";
import { applyLanguage } from "./settings/applyLanguage";
import { applyFontSize } from "./settings/fontSize";
import { followOtherTabs, readSettingsAgain } from "./settings/settings";
import { applyTheme } from "./settings/theme";
import { isPublic, sharedIn } from "./share/sharedIn";
import { openSignIn } from "./signin/openSignIn";
import type { SignIn } from "./signin/signIn";
import { startServices } from "./startServices";
import { keepFor, keepForLast, knowsOwner, rememberOwner } from "./storage/owner";
import { ensureStorage } from "./storage/usableStorage";
import "./styles.css";

/** Opens the page. No top-level await: parts that load meanwhile, such as the sign-in, depend on this module. */
async function open(): Promise<void> {
  ensureStorage();
  noteReturnedSignIn();
  applyTheme();
  applyFontSize();
  followOtherTabs();
  refuseDrops();
  const base = loadApiBase();
  await applyLanguage();

  const container = document.getElementById("root") as HTMLElement;
  const say = (text: string) => {
    const splash = container.querySelector("p.splash");
    if (splash !== null) {
      splash.textContent = text;
    }
  };

  const root = createRoot(container);
  const show = (signIn: SignIn | undefined, services?: Awaited<ReturnType<typeof startServices>>) =>
    root.render(
      <StrictMode>
        <Root signIn={signIn} services={services} />
      </StrictMode>,
    );

  const shared = sharedIn(location.hash);
  if (shared !== undefined && !shared.continues && (await isPublic(base))) {
    addEventListener("hashchange", () => location.reload());
    const [{ default: SharedRoot }, { readerServices }] = await Promise.all([
      import("./share/SharedRoot"),
      import("./share/readerServices"),
    ]);
    root.render(
      <StrictMode>
        <SharedRoot services={readerServices(base)} shareId={shared.shareId} />
      </StrictMode>,
    );
    return;
  }

  const opened = await openSignIn({
    base,
    show,
    onUnreachable: () => say(strings.startUnreachable),
    knowsOwner,
    reload: () => location.reload(),
  });
  const account = opened === "offline" ? undefined : await opened?.account();
  if (account !== undefined) {
    await keepFor(account.id);
    rememberOwner();
  }
  if (opened === "offline") {
    keepForLast();
  }
  if (opened !== undefined) {
    readSettingsAgain();
  }

  const services = await startServices(base, opened).catch((error: unknown) => {
    root.render(<LoadError error={error} />);
    throw error;
  });
  show(services.signIn, services);
  if (opened !== "offline") {
    void completeReturnedSignIn(services);
  }
  installServiceWorker();
}

void open();
