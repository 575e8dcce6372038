import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import AssistantsDialog from "./AssistantsDialog";
import { assistants } from "./assistants";

it("AssistantsDialog shows what was typed before it was closed", () => {
  const state = createChatState();
  state.setState({ models: [{ id: "m" }] as never, tools: [{ name: "search_web" }] as never });
  const show = () => render(withServices({ state }, <AssistantsDialog onClose={() => {}} />));
  const write = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  show();
  fireEvent.click(screen.getByRole("button", { name: "Add" }));
  write("Name", "Critic");
  write("Instructions", "Find what is wrong.");
  write("Model", "m");
  fireEvent.click(screen.getByRole("checkbox"));
  cleanup();

  show();
  fireEvent.click(screen.getByRole("button", { name: "Save" }));

  const critic = { name: "Critic", instructions: "Find what is wrong.", model: "m", toolsOff: ["search_web"] };
  expect(assistants.items()).toMatchObject([critic]);
});
