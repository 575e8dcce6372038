// @vitest-environment jsdom
import "../../test/jsdom";
import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { type Services, ServicesContext } from "../services";
import { AssistantMessage } from "./AssistantMessage";
import { viewOf } from "./toolResult";

vi.mock(import("./toolResult"), async (importOriginal) => {
  const original = await importOriginal();
  return { ...original, viewOf: vi.fn(original.viewOf) };
});

it("An answer reads the results of its tools once, however long its text is streamed", async () => {
  const services = { state: createChatState() } as unknown as Services;
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
  const draw = (text: string) => (
    <ServicesContext value={services}>
      <AssistantMessage node={withText(text)} />
    </ServicesContext>
  );
  const { rerender } = render(draw("One"));
  await screen.findByText("One");
  const before = vi.mocked(viewOf).mock.calls.length;

  rerender(draw("One two"));
  await screen.findByText("One two");

  expect(vi.mocked(viewOf).mock.calls.length).toBe(before);
  expect(before).toBeGreaterThan(0);
});
