import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import type { AssistantNode } from "../chat/tree";
import { QuestionCard } from "./QuestionCard";

function show(properties: object) {
  const request = { id: "r", call_id: "c", name: "book", message: "Which room?", schema: { properties } };
  render(withServices({ conversations: {} }, <QuestionCard node={{} as AssistantNode} request={request as never} />));
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

it("Choices are described to screen readers", () => {
  show({ rooms: { type: "array", items: { enum: ["a", "b"] }, title: "Rooms", description: "At most two" } });

  expect(screen.getByRole("group", { name: "Rooms", description: "At most two" })).toBeDefined();
});
