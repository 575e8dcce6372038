import { describe, expect, it, onTestFinished, vi } from "vitest";
import { defaultSettings, readSettingsAgain, settings, turnOptions } from "./settings";

const models = {
  models: [
    { id: "demo:scripted", provider: "demo", name: "scripted" },
    { id: "groq:llama", provider: "groq", name: "llama" },
  ],
  openProviders: ["openai"],
};
const tools = [{ name: "search_web" }, { name: "execute_javascript" }];

describe("turnOptions", () => {
  it("offers every tool and leaves the rest to the server by default", () => {
    expect(turnOptions(defaultSettings, models, tools)).toEqual({ tools: ["search_web", "execute_javascript"] });
  });

  it("sends what was chosen", () => {
    const chosen = {
      ...defaultSettings,
      model: "groq:llama",
      toolsOff: ["search_web"],
      temperature: 0.2,
      systemPrompt: "Be brief.",
    };

    expect(turnOptions(chosen, models, tools)).toEqual({
      model: "groq:llama",
      tools: ["execute_javascript"],
      temperature: 0.2,
      systemPrompt: "Be brief.",
    });
  });

  it("adds what the user wants models to know about them, whatever the chat's instructions are", () => {
    const chosen = { ...defaultSettings, systemPrompt: "Be brief.", aboutUser: " I teach physics.\n" };
    const about = "What the user wants you to know about them:\nI teach physics.";
    const promptOf = (...rest: readonly [systemPrompt?: string, folderPrompt?: string]) =>
      turnOptions(chosen, models, [], { systemPrompt: rest[0] ?? "" }, rest[1]).systemPrompt;

    expect(promptOf()).toBe(`Be brief.\n\n${about}`);
    expect(promptOf("Rhyme.", "Cite sources.")).toBe(`Rhyme.\n\nCite sources.\n\n${about}`);
    expect(turnOptions({ ...chosen, systemPrompt: "" }, models, []).systemPrompt).toBe(about);
    expect(turnOptions({ ...defaultSettings, aboutUser: " \n" }, models, [])).toEqual({ tools: [] });
  });

  it("does not ask for a model that the server no longer has", () => {
    expect(turnOptions({ ...defaultSettings, model: "gone" }, models, [])).toEqual({ tools: [] });
  });

  it("asks for a model that is not listed when its provider accepts any name", () => {
    expect(turnOptions({ ...defaultSettings, model: "openai:new" }, models, [])).toEqual({
      model: "openai:new",
      tools: [],
    });
  });

  it("keeps the chosen model while the server's list is not known", () => {
    expect(
      turnOptions({ ...defaultSettings, model: "groq:llama" }, { models: undefined, openProviders: [] }, undefined),
    ).toMatchObject({
      model: "groq:llama",
    });
  });
});

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
