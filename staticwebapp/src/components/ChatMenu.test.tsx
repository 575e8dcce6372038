import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { withServices } from "../../test/services";
import { newChat } from "../chat/chat";
import { ChatList } from "./ChatList";

it("A chat that its menu moves in the list takes the keyboard there", async () => {
  const { conversations, state, storage } = openPage("http://127.0.0.1:1/", await openBrowser());
  await conversations.start();
  await conversations.chats.addAll(["a", "b"].map((id) => ({ chat: newChat(id, id, 0), nodes: [] })));
  render(<nav>{withServices({ conversations, state, storage }, <ChatList onChosen={() => {}} />)}</nav>);
  fireEvent.click(screen.getByRole("button", { name: "Actions for b" }));

  fireEvent.click(await screen.findByRole("menuitem", { name: "Pin" }));

  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("link", { name: "Pinned b" })));
});
