import { expect, it, onTestFinished, vi } from "vitest";
import { defaultSettings, readSettingsAgain, settings } from "./settings";

it("The settings are the default ones in a browser that refuses storage", () => {
  onTestFinished(() => {
    vi.unstubAllGlobals();
    settings.setState(defaultSettings, true);
  });
  const refuse = () => {
    throw new DOMException("Refused.", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse });
  settings.setState({ fontSize: "large" });

  readSettingsAgain();

  expect(settings.getState()).toEqual(defaultSettings);
});
