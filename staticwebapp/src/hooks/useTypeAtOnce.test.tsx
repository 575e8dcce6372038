import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import PlanPage from "../plan/PlanPage";
import SearchPage from "../search/SearchPage";

it.each([
  ["web search", SearchPage, "(pointer: fine)", "One query per line"],
  ["plan", PlanPage, "(pointer: fine)", "Question"],
  ["web search on a phone", SearchPage, "(pointer: coarse)", undefined],
])("The page of a %s that is opened takes the keyboard unless it covers the page", (_, Page, pointer, focused) => {
  vi.stubGlobal("matchMedia", (query: string) => ({ matches: query === pointer }));
  const services = { api: {}, history: { list: async () => [] }, state: createChatState() };

  render(withServices(services, <Page />));

  expect(document.activeElement).toBe(focused === undefined ? document.body : screen.getByLabelText(focused));
});
