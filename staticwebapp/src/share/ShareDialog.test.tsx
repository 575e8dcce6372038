import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { answered, said } from "../../test/exchangeFixture";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import ShareDialog from "./ShareDialog";

it("ShareDialog passes the keyboard to the copy of a new link, and back when sharing stops", async () => {
  const chat = { ...newChat("c", "Tides", 0), leafId: "answer" };
  const nodes = [said("question", null, 0), answered("answer", "question", 1)];
  const shared = { id: "s", turn_id: "answer", include_tools: false, include_instructions: false };
  const shares = {
    find: async () => undefined,
    share: async () => ({ ...shared, updated_at: "2026-01-01T00:00:00Z" }),
    stop: async () => {},
  };
  const services = { state: createChatState(), storage: { nodes: async () => nodes }, shares: async () => shares };
  render(withServices(services as never, <ShareDialog chat={chat} onClose={() => {}} />));
  const press = async (name: string) => {
    const button = await screen.findByRole<HTMLButtonElement>("button", { name });
    await expect.poll(() => button.disabled).toBe(false);
    button.focus();
    fireEvent.click(button);
  };

  await press("Create link");

  const copy = await screen.findByRole("button", { name: "Copy link" });
  expect(document.activeElement).toBe(copy);
  await press("Stop sharing");
  const create = await screen.findByRole("button", { name: "Create link" });
  expect(document.activeElement).toBe(create);
});
