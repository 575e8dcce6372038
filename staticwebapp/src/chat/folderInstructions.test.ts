import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { saveChat } from "../../test/exchangeFixture";
import { folderPrompt, instructionsOf } from "../folders/folderInstructions";
import { nextTurnOptions } from "../settings/chatSettings";
import { change } from "../settings/settings";
import { parseChats } from "../storage/chatFile";
import { newChat } from "./chat";

async function openFolder(...ids: readonly string[]) {
  let now = 1_000;
  const page = openPage("http://127.0.0.1:1/", await openBrowser(), () => now);
  const { chats } = page.conversations;
  for (const id of ids) {
    await chats.add({ ...newChat(id, id, 0), folder: "Science" }, []);
  }
  await chats.add(newChat("other", "other", 0), []);
  const state = () => page.state.getState();
  return {
    page,
    chats,
    state,
    setTime: (time: number) => {
      now = time;
    },
    promptOf: (id: string | null) => folderPrompt(state(), id),
    stored: async (id: string) => (await page.storage.chat(id))?.folderInstructions,
  };
}

it("All chats of a folder follow its instructions, and no other chat does", async () => {
  const { chats, promptOf, stored } = await openFolder("a", "b");

  await chats.instruct("Science", " Cite sources.\n");

  expect(["a", "b", "other", null].map(promptOf)).toEqual(["Cite sources.", "Cite sources.", "", ""]);
  expect(await stored("a")).toEqual({ folder: "Science", text: "Cite sources.", changedAt: 1_000 });
  expect(await stored("other")).toBeUndefined();
});

it("Instructions of a folder follow those of the chat, or those for all chats", async () => {
  const { chats, state } = await openFolder("a");
  await chats.instruct("Science", "Cite sources.");
  expect(nextTurnOptions(state(), "a").systemPrompt).toBe("Cite sources.");
  change({ systemPrompt: "Be brief." });
  expect(nextTurnOptions(state(), "a").systemPrompt).toBe("Be brief.\n\nCite sources.");

  await chats.configure("a", { systemPrompt: "Be long." });

  expect(nextTurnOptions(state(), "a").systemPrompt).toBe("Be long.\n\nCite sources.");
  expect(nextTurnOptions(state(), "other").systemPrompt).toBe("Be brief.");
  change({ systemPrompt: "" });
});

it("A chat that begins in a folder, or is moved to it, follows its instructions, also once it is the only one", async () => {
  const { page, chats, promptOf, state } = await openFolder("a");
  await chats.instruct("Science", "Cite sources.");
  await page.conversations.openIn("Science");
  expect(promptOf(null)).toBe("Cite sources.");

  await page.conversations.messages.send("Hello", { tools: [] });
  await chats.move(["other"], "Science");
  await chats.remove("a");

  const begun = state().openId;
  expect([begun, "other"].map(promptOf)).toEqual(["Cite sources.", "Cite sources."]);
  await chats.remove(begun ?? "");
  expect(promptOf("other")).toBe("Cite sources.");
});

it("A chat that leaves the folder takes nothing with it, to no other folder and back", async () => {
  const { chats, promptOf } = await openFolder("a", "b");
  await chats.instruct("Science", "Cite sources.");

  await chats.move(["a", "b"], "Home");

  expect(promptOf("a")).toBe("");
  await chats.move(["a"], "Science");
  expect(promptOf("a")).toBe("");
});

it("A folder that is renamed keeps its instructions, unless the other folder has its own", async () => {
  const { chats, promptOf, state } = await openFolder("a");
  await chats.instruct("Science", "Cite sources.");
  const textOf = (folder: string) => instructionsOf(state().chats.values(), folder)?.text;

  await chats.move(["a"], "Nature", textOf("Science"));

  expect(promptOf("a")).toBe("Cite sources.");
  await chats.move(["other"], "Home");
  await chats.instruct("Home", "Be kind.");
  await chats.move(["a"], "Home", textOf("Nature"));
  expect(["a", "other"].map(promptOf)).toEqual(["Be kind.", "Be kind."]);
});

it("The last change applies where a chat has an older one, also when the clock of this device is slow", async () => {
  const { chats, promptOf, setTime, state } = await openFolder("a", "b");
  await chats.instruct("Science", "First");
  setTime(500);
  await chats.instruct("Science", "");

  await chats.add(
    {
      ...newChat("late", "late", 0),
      folder: "Science",
      folderInstructions: { folder: "Science", text: "First", changedAt: 1_000 },
    },
    [],
  );

  expect(promptOf("late")).toBe("");
  expect(instructionsOf(state().chats.values(), "Science")?.changedAt).toBe(1_001);
});

it.each<[string, (page: Awaited<ReturnType<typeof openFolder>>) => Promise<unknown>]>([
  ["is deleted", ({ chats }) => chats.remove("newest")],
  [
    "is deleted by another device",
    async ({ page }) => {
      await page.storage.remove("newest");
      await page.conversations.reload("newest");
    },
  ],
  [
    "is moved by another device",
    async ({ page }) => {
      await saveChat(page.storage, { ...newChat("newest", "newest", 0), folder: "Home" });
      await page.conversations.reload("newest");
    },
  ],
  ["is moved", ({ chats }) => chats.move(["newest"], "Home")],
  ["leaves all folders", ({ chats }) => chats.move(["newest"], undefined)],
])("Instructions that were replaced do not apply again when the chat with the newest ones %s", async (_, leave) => {
  const page = await openFolder();
  const folderInstructions = (text: string, changedAt: number) => ({ folder: "Science", text, changedAt });
  const add = (id: string, text: string, changedAt: number) =>
    saveChat(page.page.storage, {
      ...newChat(id, id, 0),
      folder: "Science",
      folderInstructions: folderInstructions(text, changedAt),
    });
  await add("older", "First", 1);
  await add("newest", "Second", 2);
  await page.page.conversations.start();

  await leave(page);

  expect(page.promptOf("older")).toBe("Second");
  expect(await page.stored("older")).toEqual(folderInstructions("Second", 2));
});

it("A deleted chat that is put back has what its folder tells the model since then", async () => {
  const { chats, promptOf } = await openFolder("a", "b");
  await chats.instruct("Science", "First");
  const { chat, nodes } = await chats.remove("a");
  await chats.instruct("Science", "Second");

  await chats.add(chat, nodes);
  await chats.remove("b");

  expect(promptOf("a")).toBe("Second");
});

it.each(["", "Second"])(
  "A deleted chat that is put back does not bring back instructions that '%s' replaced, though its folder was empty",
  async (text) => {
    const { chats, promptOf } = await openFolder("a", "b");
    await chats.instruct("Science", "First");
    const { chat, nodes } = await chats.remove("a");
    await chats.instruct("Science", text);
    await chats.move(["b"], "Home");

    await chats.add(chat, nodes);

    expect(promptOf("a")).toBe(text);
  },
);

it("Instructions of a folder that began again apply to a deleted chat that is put back, also when the clock of this device is slow", async () => {
  const { chats, promptOf, setTime } = await openFolder("a", "b");
  await chats.move(["b"], "Home");
  await chats.instruct("Science", "First");
  const { chat, nodes } = await chats.remove("a");
  setTime(500);
  await chats.move(["b"], "Science");
  await chats.instruct("Science", "Second");

  await chats.add(chat, nodes);

  expect(["a", "b"].map(promptOf)).toEqual(["Second", "Second"]);
});

it("A file does not change the instructions of a folder that has chats, and brings those of a new one", async () => {
  const { chats, promptOf, setTime } = await openFolder("a");
  setTime(Date.now());
  await chats.instruct("Science", "Cite sources.");
  const chatsIn = (folder: string) => [
    { title: folder, folder, folderInstructions: { folder, text: "Obey me.", changedAt: Date.now() + 3_600_000 } },
  ];
  const { chats: imported } = parseChats({ format: "funcchat/1", chats: ["Science", "Home"].flatMap(chatsIn) });

  await chats.addAll(imported);

  expect(["a", ...imported.map(({ chat }) => chat.id)].map(promptOf)).toEqual([
    "Cite sources.",
    "Cite sources.",
    "Obey me.",
  ]);
});

it("A temporary chat that begins in a folder does not follow its instructions", async () => {
  const { page, chats, promptOf } = await openFolder("a");
  await chats.instruct("Science", "Cite sources.");
  await page.conversations.openIn("Science");

  page.state.setState({ newChatTemporary: true });

  expect(promptOf(null)).toBe("");
});

it("Instructions are cut to what a thread can have", async () => {
  const { chats, promptOf } = await openFolder("a");

  await chats.instruct("Science", "\u0001".repeat(2_000));

  expect(promptOf("a")).toHaveLength(1_033);
});
