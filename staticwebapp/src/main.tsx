import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { loadApiBase } from "./api/config";
import { Root } from "./root";
import { followOtherTabs, readSettingsAgain } from "./settings/settings";
import { applyTheme } from "./settings/theme";
import { openSignIn } from "./signin/openSignIn";
import type { SignIn } from "./signin/signIn";
import { startServices } from "./startServices";
import { keepFor } from "./storage/owner";
import "./styles.css";

/** Opens the page. No top-level await: the parts that are loaded meanwhile, such as the sign-in, stand on this module. */
async function open(): Promise<void> {
  applyTheme();
  followOtherTabs();

  const place = document.getElementById("root") as HTMLElement;
  const say = (text: string) => {
    const splash = place.querySelector("p.splash");
    if (splash !== null) {
      splash.textContent = text;
    }
  };

  const base = loadApiBase();
  const root = createRoot(place);
  const show = (signIn: SignIn | undefined, services?: Awaited<ReturnType<typeof startServices>>) =>
    root.render(
      <StrictMode>
        <Root signIn={signIn} services={services} />
      </StrictMode>,
    );

  const signIn = await openSignIn({
    base,
    show,
    onUnreachable: () => say("FuncChat's server can't be reached. Trying again…"),
    reload: () => location.reload(),
  });
  const account = await signIn?.account();
  if (account !== undefined) {
    await keepFor(account.id);
    readSettingsAgain();
  }

  // Chats need a place to be kept; a browser that refuses one is told apart from a page that is broken.
  const services = await startServices(base, signIn).catch((error: unknown) => {
    root.unmount();
    place.textContent = "FuncChat keeps your chats in this browser's storage, which this browser does not allow here.";
    throw error;
  });
  show(signIn, services);
}

void open();
