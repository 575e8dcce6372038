import { fireEvent, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { withServices } from "../../test/services";
import { nextTurnOptions } from "../settings/chatSettings";
import { AssistantBar } from "./AssistantBar";
import { assistants } from "./assistants";

async function show() {
  const { state, conversations } = openPage("http://127.0.0.1:1", await openBrowser());
  state.setState({
    models: [{ id: "demo:scripted", provider: "demo", name: "scripted" }],
    tools: [
      { name: "search_web", description: "" },
      { name: "execute_javascript", description: "" },
    ],
  });
  render(withServices({ state, conversations }, <AssistantBar />));
  return () => nextTurnOptions(state.getState(), null);
}

const button = (name: string) => screen.getByRole("button", { name });

describe("AssistantBar", () => {
  it("adds an assistant, whose model, instructions, and tools the next chat has", async () => {
    const options = await show();
    fireEvent.click(button("Assistants"));
    fireEvent.click(await screen.findByRole("button", { name: "Add" }));
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Tutor" } });
    fireEvent.change(screen.getByLabelText("Instructions"), { target: { value: "Ask back." } });
    fireEvent.change(screen.getByLabelText("Model"), { target: { value: "demo:scripted" } });
    fireEvent.click(screen.getByLabelText("Search the web"));
    fireEvent.click(button("Save"));

    fireEvent.click(button("Tutor"));

    expect(button("Tutor").getAttribute("aria-pressed")).toBe("true");
    expect(options()).toEqual({ model: "demo:scripted", systemPrompt: "Ask back.", tools: ["execute_javascript"] });
  });

  it("returns to what new chats have when the assistant is pressed again", async () => {
    assistants.save({ id: "1", name: "Tutor", instructions: "Ask back." });
    const options = await show();

    fireEvent.click(button("Tutor"));
    fireEvent.click(button("Tutor"));

    expect(options()).toEqual({ tools: ["search_web", "execute_javascript"] });
  });
});
