import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import type { AssistantNode } from "../chat/tree";
import { QuestionCard } from "./QuestionCard";

function show(properties: object, required: readonly string[] = []) {
  const request = { id: "r", call_id: "c", name: "book", message: "Which room?", schema: { properties, required } };
  const services = { state: createChatState(), conversations: {} };
  render(withServices(services, <QuestionCard node={{} as AssistantNode} request={request as never} />));
}

it.each([
  ["text", { type: "string" }, "textbox"],
  ["choice", { type: "string", enum: ["a"] }, "combobox"],
  ["boolean", { type: "boolean" }, "checkbox"],
] as const)("A field of kind %s is focused by its label, and described to screen readers", async (_, schema, role) => {
  show({ room: { ...schema, title: "Room", description: "With a window" } });
  const field = screen.getByRole(role, { name: "Room", description: "With a window" });

  await userEvent.click(screen.getByText("Room"));

  expect(document.activeElement).toBe(field);
});

it.each([
  ["text", { type: "string" }],
  ["choice", { type: "string", enum: ["a"] }],
] as const)("A field of kind %s shows that it is required, also to screen readers", (_, schema) => {
  show({ room: { ...schema, title: "Room" }, guest: { ...schema, title: "Guest" } }, ["room"]);

  expect(screen.getByLabelText<HTMLInputElement>(/^Room/).required).toBe(true);
  expect(screen.getByText("Room").textContent).toBe("Room (required)");
  expect(screen.getByText("Guest").textContent).toBe("Guest");
});

it("A check box and choices are not required: unchecked, they are an answer", () => {
  const rooms = { type: "array", items: { enum: ["a", "b"] }, title: "Rooms" };
  show({ pets: { type: "boolean", title: "Pets" }, rooms }, ["pets", "rooms"]);

  expect(screen.getAllByRole<HTMLInputElement>("checkbox").map(({ required }) => required)).toEqual([
    false,
    false,
    false,
  ]);
  expect(screen.queryByText(/required/)).toBeNull();
});

it("Choices are described to screen readers", () => {
  show({ rooms: { type: "array", items: { enum: ["a", "b"] }, title: "Rooms", description: "At most two" } });

  expect(screen.getByRole("group", { name: "Rooms", description: "At most two" })).toBeDefined();
});
