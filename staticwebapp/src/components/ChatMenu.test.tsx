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

it.each([
  ["next", "b", "a"],
  ["previous", "a", "b"],
])("A chat that is deleted and not open passes the keyboard to the %s one", async (_, deleted, neighbor) => {
  await show("a", "b");
  fireEvent.click(screen.getByRole("button", { name: `Actions for ${deleted}` }));

  fireEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: neighbor })));
  expect(screen.queryByRole("link", { name: deleted })).toBeNull();
});

it("A folder passes the keyboard to its new name when it is renamed, and to its first chat when it is deleted", async () => {
  const { conversations } = await show("a");
  await act(() => conversations.chats.move(["a"], "Old"));
  const choose = async (folder: string, action: string) => {
    fireEvent.click(screen.getByRole("button", { name: `Actions for the folder ${folder}` }));
    fireEvent.click(await screen.findByRole("menuitem", { name: action }));
  };
  await choose("Old", "Rename");
  const field = await screen.findByRole("textbox", { name: "Name" });
  fireEvent.change(field, { target: { value: "New" } });

  fireEvent.submit(field);

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "New" })));
  await choose("New", "Delete folder, keep its chats");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: "a" })));
});

it("The menu of a chat stays open when the chat moves in the list meanwhile, and moves with it when it closes", async () => {
  const { conversations } = await show("a", "b");
  fireEvent.click(screen.getByRole("button", { name: "Actions for a" }));
  const item = await screen.findByRole("menuitem", { name: "Rename" });

  await act(() => conversations.chats.pin("a", true));
  await act(() => conversations.chats.rename("a", "New title"));

  expect(screen.getByRole("menuitem", { name: "Rename" })).toBe(item);
  expect(screen.getByRole("link", { name: "Pinned New title" })).toBeDefined();
  fireEvent.keyDown(item, { key: "Escape" });
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: "Pinned New title" })));
  expect(screen.getByRole("region", { name: "Pinned" }).contains(document.activeElement)).toBe(true);
});

it("A dialog about a chat stays when the chat moves in the list before and while it is open", async () => {
  const { conversations } = await show("a", "b");
  fireEvent.click(screen.getByRole("button", { name: "Actions for a" }));
  fireEvent.keyDown(await screen.findByRole("menuitem", { name: "Move to folder" }), { key: "ArrowRight" });
  const item = await screen.findByRole("menuitem", { name: "New folder…" });
  await act(() => conversations.chats.pin("a", true));
  fireEvent.click(item);
  const field = await screen.findByRole<HTMLInputElement>("textbox", { name: "Name" });
  fireEvent.change(field, { target: { value: "Travel" } });

  await act(() => conversations.chats.move(["a"], "Other"));

  expect(screen.getByRole("textbox", { name: "Name" })).toBe(field);
  fireEvent.submit(field);
  const folder = await screen.findByRole("region", { name: "Travel" });
  await waitFor(() => expect(folder.contains(document.activeElement)).toBe(true));
  expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
});
