import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { folderPrompt, instructionsOf } from "../folders/folderInstructions";
import { nextTurnOptions } from "../settings/chatSettings";
import { change } from "../settings/settings";
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
