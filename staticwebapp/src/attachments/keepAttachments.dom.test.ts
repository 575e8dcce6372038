import { afterEach, expect, it, vi } from "vitest";
import { openBrowser } from "../../test/conversationFixture";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { AttachmentStorage } from "../storage/attachmentStorage";
import type { Database } from "../storage/database";
import type { Attachment } from "./attachment";
import { attachmentDrafts, setAttachments } from "./attachmentDrafts";
import { keepAttachments } from "./keepAttachments";

const photo: Attachment = { id: "1", kind: "image", name: "photo.png", size: 3, url: "data:image/png;base64,AAAA" };
const notes: Attachment = { id: "2", kind: "text", name: "notes.txt", size: 5, text: "Notes" };

let close = () => {};

afterEach(() => {
  close();
  attachmentDrafts.setState(new Map(), true);
});

/** A page that opens, or that is reloaded. */
function open(database: Database, ...chatIds: readonly string[]) {
  return openIn(database, "this", [], ...chatIds);
}

/** A page in a tab, while these other tabs are open. */
async function openIn(database: Database, id: string, others: readonly string[], ...chatIds: readonly string[]) {
  close();
  attachmentDrafts.setState(new Map(), true);
  const state = createChatState();
  state.setState({ chats: new Map(chatIds.map((id) => [id, newChat(id, id, 0)])) });
  const tab = { id, isOpen: (other: string) => other === id || others.includes(other) };
  close = await keepAttachments(new AttachmentStorage(database), state, tab);
  return state;
}

const attached = (chatId: string | null) => attachmentDrafts.getState().get(chatId ?? "");

it("Files that are attached to a message are there after a reload", async () => {
  const database = await openBrowser();
  await open(database, "chat");
  setAttachments(null, [photo, notes]);
  setAttachments("chat", [notes]);

  await open(database, "chat");

  expect(attached(null)).toEqual([photo, notes]);
  expect(attached("chat")).toEqual([notes]);
});

it("Files that were sent or removed are not there after a reload", async () => {
  const database = await openBrowser();
  await open(database);
  setAttachments(null, [photo, notes]);
  setAttachments(null, [notes]);
  await open(database);
  expect(attached(null)).toEqual([notes]);
  setAttachments(null, []);

  await open(database);

  expect(attached(null)).toBeUndefined();
});

it("Files of a chat that was deleted are deleted", async () => {
  const database = await openBrowser();
  await open(database, "chat");
  setAttachments("chat", [notes]);

  await open(database);
  await open(database, "chat");

  expect(attached("chat")).toBeUndefined();
});

it("Files of a temporary chat are not kept", async () => {
  const database = await openBrowser();
  const state = await open(database, "chat");
  setAttachments(null, [photo]);
  state.setState({ newChatTemporary: true });
  state.setState({ chats: new Map([["chat", { ...newChat("chat", "chat", 0), temporary: true }]]) });
  setAttachments("chat", [notes]);

  expect(await database.getAll("attached")).toEqual([]);
});

it("Files of a chat that is not temporary after all are kept", async () => {
  const database = await openBrowser();
  const state = await open(database);
  state.setState({ newChatTemporary: true });
  setAttachments(null, [photo]);
  state.setState({ newChatTemporary: false });

  await open(database);

  expect(attached(null)).toEqual([photo]);
});

it("Each of two tabs has its own files after a reload", async () => {
  const database = await openBrowser();
  await openIn(database, "a", []);
  setAttachments(null, [photo]);
  await openIn(database, "b", ["a"]);
  expect(attached(null)).toBeUndefined();
  setAttachments(null, [notes]);

  await openIn(database, "a", ["b"]);
  expect(attached(null)).toEqual([photo]);
  await openIn(database, "b", ["a"]);
  expect(attached(null)).toEqual([notes]);
});

it("Files that one tab sends stay away from it, and those of another tab stay there", async () => {
  const database = await openBrowser();
  await openIn(database, "a", []);
  setAttachments(null, [photo]);
  await openIn(database, "b", ["a"]);
  setAttachments(null, [notes]);
  setAttachments(null, []);

  await openIn(database, "b", ["a"]);
  expect(attached(null)).toBeUndefined();
  await openIn(database, "a", ["b"]);
  expect(attached(null)).toEqual([photo]);
});

it("Files of a tab that is closed appear in the next one, and in no third one", async () => {
  const database = await openBrowser();
  await openIn(database, "closed", []);
  setAttachments(null, [photo]);

  await openIn(database, "next", []);
  expect(attached(null)).toEqual([photo]);
  await openIn(database, "third", ["next"]);
  expect(attached(null)).toBeUndefined();
});

it("Files that an earlier version of the page has stored appear in the first tab", async () => {
  const database = await openBrowser();
  await database.put("attached", { chatId: "", attachments: [photo] });

  await openIn(database, "a", ["b"]);

  expect(attached(null)).toEqual([photo]);
});

const asksBeforeReload = () => !dispatchEvent(new Event("beforeunload", { cancelable: true }));

it("The browser asks before a reload that would lose a file which is not stored yet", async () => {
  const database = await openBrowser();
  await open(database);
  expect(asksBeforeReload()).toBe(false);

  setAttachments(null, [photo]);
  expect(asksBeforeReload()).toBe(true);

  await vi.waitUntil(() => !asksBeforeReload());
  await open(database);
  expect(attached(null)).toEqual([photo]);
});
