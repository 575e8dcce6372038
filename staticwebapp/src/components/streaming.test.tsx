import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { AssistantMessage } from "./AssistantMessage";

it("An answer reads the results of its tools once, however long its text is streamed", async () => {
  const services = { state: createChatState() };
  const node = assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
  const tool = {
    type: "tool",
    id: "1",
    name: "search",
    arguments: "{}",
    status: "complete",
    result: '{"a":1}',
  } as const;
  const withText = (text: string): AssistantNode => ({
    ...node,
    turn: { ...newTurn, status: "running", lastEventId: 1, parts: [tool, { type: "text", text }] },
  });
  const draw = (text: string) => withServices(services, <AssistantMessage node={withText(text)} />);
  const parse = vi.spyOn(JSON, "parse");
  const readings = () => parse.mock.calls.filter(([json]) => json === tool.result).length;
  const { rerender } = render(draw("One"));
  await screen.findByText("One");
  const before = readings();

  rerender(draw("One two"));
  await screen.findByText("One two");

  expect(readings()).toBe(before);
  expect(before).toBeGreaterThan(0);
});
