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
let closeTab = () => {};

afterEach(() => {
  close();
  closeTab();
  closeTab = () => {};
  attachmentDrafts.setState(new Map(), true);
});

/** A page that opens, or that is reloaded. */
async function open(database: Database, ...chatIds: readonly string[]) {
  close();
  attachmentDrafts.setState(new Map(), true);
  const state = createChatState();
  state.setState({ chats: new Map(chatIds.map((id) => [id, newChat(id, id, 0)])) });
  close = await keepAttachments(new AttachmentStorage(database), state, database.name);
  return state;
}

/** Another tab of that browser, which has stored a file of a chat. */
async function openTab(database: Database, chatId: string, file: Attachment) {
  const channel = new BroadcastChannel(`${database.name}.attached`);
  closeTab = () => channel.close();
  const storage = new AttachmentStorage(database);
  await storage.change(chatId, [file], []);
  return {
    received: new Promise<unknown>((resolve) => {
      channel.onmessage = ({ data }) => resolve(data);
    }),
    async remove(...files: readonly Attachment[]) {
      await storage.change(chatId, [], files);
      channel.postMessage({ chatId, ids: files.map(({ id }) => id) });
    },
  };
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

  expect(await new AttachmentStorage(database).all()).toEqual([]);
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

it("Files that another tab sends are no longer attached in this one, which keeps its own", async () => {
  const database = await openBrowser();
  const other = await openTab(database, "chat", photo);
  await open(database, "chat");
  setAttachments("chat", [photo, notes]);
  const changed = new Promise((resolve) => attachmentDrafts.subscribe(resolve));

  await other.remove(photo);
  await changed;

  expect(attached("chat")).toEqual([notes]);
  await open(database, "chat");
  expect(attached("chat")).toEqual([notes]);
});

it("Other tabs are notified of files that this one sends", async () => {
  const database = await openBrowser();
  const other = await openTab(database, "chat", photo);
  await open(database, "chat");

  setAttachments("chat", []);

  expect(await other.received).toEqual({ chatId: "chat", ids: [photo.id] });
});

it("Files that two tabs attach to a chat are all there after a reload", async () => {
  const database = await openBrowser();
  await open(database);
  await openTab(database, "", photo);
  setAttachments(null, [notes]);

  await open(database);

  expect(attached(null)).toEqual([photo, notes]);
});

it("Files that another tab sends while this one opens are not attached in it", async () => {
  const database = await openBrowser();
  const other = await openTab(database, "", photo);
  const storage = new AttachmentStorage(database);
  await storage.change("", [notes], []);
  const opening = {
    all: async () => {
      const stored = await storage.all();
      const third = new BroadcastChannel(`${database.name}.attached`);
      const received = new Promise((resolve) => {
        third.onmessage = resolve;
      });
      await other.remove(photo);
      await received;
      third.close();
      return stored;
    },
  } as AttachmentStorage;

  close = await keepAttachments(opening, createChatState(), database.name);

  await vi.waitFor(() => expect(attached(null)).toEqual([notes]));
});
