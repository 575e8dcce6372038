import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { ChatList } from "./ChatList";

async function show(...ids: readonly string[]) {
  const { conversations, state, storage } = openPage("http://127.0.0.1:1/", await openBrowser());
  await conversations.start();
  await conversations.chats.addAll(ids.map((id) => ({ chat: newChat(id, id, 0), nodes: [] })));
  render(<nav>{withServices({ conversations, state, storage }, <ChatList onChosen={() => {}} />)}</nav>);
  return { conversations, state };
}

it("A chat that its menu moves in the list takes the keyboard there", async () => {
  await show("a", "b");
  fireEvent.click(screen.getByRole("button", { name: "Actions for b" }));

  fireEvent.click(await screen.findByRole("menuitem", { name: "Pin" }));

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: "Pinned b" })));
});

it("A title that is being typed stays when the chat moves to another section of the list meanwhile", async () => {
  const { conversations, state } = await show("a");
  fireEvent.click(screen.getByRole("button", { name: "Actions for a" }));
  fireEvent.click(await screen.findByRole("menuitem", { name: "Rename" }));
  fireEvent.change(await screen.findByRole("textbox", { name: "Title" }), { target: { value: "Typed" } });

  await act(() => conversations.chats.pin("a", true));

  const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Title" });
  expect(field.value).toBe("Typed");
  expect(document.activeElement).toBe(field);
  expect(field.selectionStart).toBe(5);
  fireEvent.submit(field);
  await waitFor(() => expect(state.getState().chats.get("a")?.title).toBe("Typed"));
});
