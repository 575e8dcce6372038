import { afterEach, expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { textAttachment } from "../attachments/attachment";
import { attachmentDrafts, setAttachments } from "../attachments/attachmentDrafts";
import { keepAttachments } from "../attachments/keepAttachments";
import { newChat } from "../chat/chat";
import { AttachmentStorage } from "./attachmentStorage";
import { deleteAllChats, deleteChat } from "./deleteChat";
import { keepDraft, keepDraftsOf, readDraft } from "./drafts";

const notes = textAttachment("notes.txt", "Notes");

let close = () => {};

afterEach(() => {
  close();
  attachmentDrafts.setState(new Map(), true);
});

/** A page with a chat in which a message with a file is being written. */
async function openChat() {
  const database = await openBrowser();
  const page = openPage("http://127.0.0.1:1/", database);
  await page.storage.saveAll([{ before: undefined, chat: newChat("chat", "Chat", 0), added: [], removed: [] }]);
  await page.conversations.start();
  keepDraftsOf(page.state);
  close = await keepAttachments(new AttachmentStorage(database), page.state, { id: "tab", isOpen: () => false });
  keepDraft("chat", "Unsent");
  setAttachments("chat", [notes]);
  return { ...page, database };
}

it("A chat that is deleted leaves no draft and no files", async () => {
  const { conversations, database } = await openChat();

  await deleteChat(conversations, "chat");

  expect(readDraft("chat")).toBe("");
  expect(attachmentDrafts.getState().has("chat")).toBe(false);
  expect(await database.getAll("attached")).toEqual([]);
});

it("All chats that are deleted leave no draft and no files, except those of the chat that is about to begin", async () => {
  const { conversations, database } = await openChat();
  setAttachments(null, [notes]);

  await deleteAllChats(conversations);

  expect(readDraft("chat")).toBe("");
  expect((await database.getAll("attached")).map(({ chatId }) => chatId)).toEqual([""]);
});

it("A deleted chat is put back with its draft and files", async () => {
  const { conversations, database } = await openChat();
  const { undo } = await deleteChat(conversations, "chat");

  await undo();

  expect(readDraft("chat")).toBe("Unsent");
  expect(attachmentDrafts.getState().get("chat")).toEqual([notes]);
  expect((await database.getAll("attached")).map(({ attachments }) => attachments)).toEqual([[notes]]);
});
