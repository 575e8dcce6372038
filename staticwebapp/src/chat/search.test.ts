import { describe, expect, it } from "vitest";
import { type Chat, newChat } from "./chat";
import { searchChats } from "./search";
import { userNode } from "./tree";

const chat = (id: string, title: string, changes: Partial<Chat> = {}): Chat => ({
  ...newChat(id, title, 0),
  ...changes,
});
const said = (chatId: string, text: string) =>
  userNode({ id: `${chatId}-1`, chatId, parentId: null, createdAt: 0 }, text);

describe("searchChats", () => {
  it("finds by title and by message, whatever the case and accents", () => {
    const chats = [chat("a", "Über alles"), chat("b", "Other", { updatedAt: 1 })];
    const nodes = [said("b", "It is about the ÜBER thing")];

    expect(searchChats(chats, nodes, "uber").map(({ chat: { id }, snippet }) => [id, snippet])).toEqual([
      ["b", "It is about the ÜBER thing"],
      ["a", undefined],
    ]);
  });

  it("wants every word", () => {
    expect(searchChats([chat("a", "One two")], [], "two one")).toHaveLength(1);
    expect(searchChats([chat("a", "One two")], [], "two three")).toEqual([]);
  });

  it("gives all chats, pinned first, when nothing is asked", () => {
    const chats = [chat("old", "x"), chat("new", "x", { updatedAt: 9 }), chat("pinned", "x", { pinned: true })];

    expect(searchChats(chats, [], " ").map((found) => found.chat.id)).toEqual(["pinned", "new", "old"]);
  });

  it("cuts a long message around what was found", () => {
    const long = `${"a ".repeat(100)}needle${" b".repeat(100)}`;

    const snippet = searchChats([chat("a", "x")], [said("a", long)], "needle")[0]?.snippet;

    expect(snippet).toMatch(/^….*needle.*…$/);
    expect(snippet?.length).toBeLessThan(100);
  });
});
