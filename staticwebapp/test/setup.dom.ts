import { cleanup, configure, getConfig } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { editedTexts } from "../src/components/editedTexts";
import { loadLanguage } from "../src/i18n/strings";
import { defaultSettings, settings } from "../src/settings/settings";
import { toastsWanted } from "../src/toast";

// jsdom has no layout, and lacks what needs one, and some more.
globalThis.matchMedia ??= ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
})) as unknown as typeof matchMedia;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};
const openers = new WeakMap<HTMLDialogElement, Element | null>();
HTMLDialogElement.prototype.showModal ??= function showModal() {
  openers.set(this, document.activeElement);
  this.open = true;
  this.querySelector<HTMLElement>("[autofocus], button")?.focus();
};
HTMLDialogElement.prototype.close ??= function close() {
  const opener = openers.get(this);
  if (this.open && this.isConnected && opener instanceof HTMLElement) {
    opener.focus(); // as browsers do, unless the dialog is no longer in the document
  }
  this.open = false;
  setTimeout(() => this.dispatchEvent(new Event("close")));
};
Blob.prototype.arrayBuffer ??= function arrayBuffer() {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.readAsArrayBuffer(this);
  });
};
Element.prototype.scrollTo ??= () => {};
Element.prototype.scrollIntoView ??= () => {};

const { asyncWrapper } = getConfig();
const { setImmediate } = globalThis; // not that of a fake clock
configure({
  // Parts that are loaded when first needed may be slow on a busy machine.
  asyncUtilTimeout: 15_000,
  // React runs the effects of what it has drawn in a task of its own. A component that is found before has not subscribed to its stores yet, and would miss a change.
  asyncWrapper: async (wait) => {
    const found = await asyncWrapper(wait);
    await new Promise((resolve) => setImmediate(resolve));
    return found;
  },
});

// The next file shares the document and the modules.
afterEach(async () => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
  sessionStorage.clear();
  document.body.replaceChildren();
  history.pushState(null, "", "/"); // unlike replaceState, it ends the traversals that have not happened yet
  dispatchEvent(new PopStateEvent("popstate")); // for which useBackToClose would wait
  toastsWanted.setState(false, true);
  editedTexts.setState(new Map(), true);
  settings.setState(defaultSettings, true);
  await loadLanguage("en");
});
