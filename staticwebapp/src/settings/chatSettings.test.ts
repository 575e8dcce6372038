import { afterEach, describe, expect, it } from "vitest";
import { type ChatOptions, newChat } from "../chat/chat";
import { type ChatState, createChatState } from "../chat/state";
import { nextTurnOptions } from "./chatSettings";
import { defaultSettings, type Settings, settings } from "./settings";

const server = {
  models: [
    { id: "demo:scripted", provider: "demo", name: "scripted" },
    { id: "groq:llama", provider: "groq", name: "llama" },
  ],
  openProviders: ["openai"],
  tools: [],
};
const tools = ["search_web", "execute_javascript"].map((name) => ({ name, description: "" }));

afterEach(() => settings.setState(defaultSettings, true));

/** The options of the first turn of a chat. */
function optionsWith(chosen: Partial<Settings>, changes: Partial<ChatState> = {}) {
  settings.setState({ ...defaultSettings, ...chosen }, true);
  return nextTurnOptions({ ...createChatState().getState(), ...server, ...changes }, null);
}

describe("nextTurnOptions", () => {
  it("offers every tool and leaves the rest to the server by default", () => {
    expect(optionsWith({}, { tools })).toEqual({ tools: ["search_web", "execute_javascript"] });
  });

  it("sends what was chosen", () => {
    const chosen = { model: "groq:llama", toolsOff: ["search_web"], temperature: 0.2, systemPrompt: "Be brief." };

    expect(optionsWith(chosen, { tools })).toEqual({
      model: "groq:llama",
      tools: ["execute_javascript"],
      temperature: 0.2,
      systemPrompt: "Be brief.",
    });
  });

  it("adds what the user wants models to know about them, whatever the chat's instructions are", () => {
    const chosen = { systemPrompt: "Be brief.", aboutUser: " I teach physics.\n" };
    const about = "What the user wants you to know about them:\nI teach physics.";
    const newChatOptions: ChatOptions = { systemPrompt: "Rhyme." };
    const folderInstructions = { folder: "Science", text: "Cite sources.", changedAt: 0 };
    const other = { ...newChat("c", "Other", 0), folder: "Science", folderInstructions };
    const inFolder = { newChatOptions, newChatFolder: "Science", chats: new Map([[other.id, other]]) };

    expect(optionsWith(chosen).systemPrompt).toBe(`Be brief.\n\n${about}`);
    expect(optionsWith(chosen, inFolder).systemPrompt).toBe(`Rhyme.\n\nCite sources.\n\n${about}`);
    expect(optionsWith({ ...chosen, systemPrompt: "" }).systemPrompt).toBe(about);
    expect(optionsWith({ aboutUser: " \n" })).toEqual({ tools: [] });
  });

  it("does not ask for a model that the server no longer has", () => {
    expect(optionsWith({ model: "gone" })).toEqual({ tools: [] });
  });

  it("asks for a model that is not listed when its provider accepts any name", () => {
    expect(optionsWith({ model: "openai:new" })).toEqual({ model: "openai:new", tools: [] });
  });

  it("keeps the chosen model while the server's list is not known", () => {
    const unknown = { models: undefined, openProviders: [], tools: undefined };

    expect(optionsWith({ model: "groq:llama" }, unknown)).toEqual({ model: "groq:llama", tools: [] });
  });
});
