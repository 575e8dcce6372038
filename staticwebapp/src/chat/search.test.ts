import { describe, expect, it } from "vitest";
import { type Chat, newChat } from "./chat";
import { byChat, searchChats } from "./search";
import { type UserNode, userNode } from "./tree";

const chat = (id: string, title: string, changes: Partial<Chat> = {}): Chat => ({
  ...newChat(id, title, 0),
  ...changes,
});
const said = (chatId: string, text: string) =>
  userNode({ id: `${chatId}-1`, chatId, parentId: null, createdAt: 0 }, text);

const search = (chats: readonly Chat[], nodes: readonly UserNode[], query: string, most = 50) =>
  searchChats(chats, byChat(nodes), query, most);

describe("searchChats", () => {
  it("finds by title and by message, whatever the case and accents", () => {
    const chats = [chat("a", "Über alles"), chat("b", "Other", { updatedAt: 1 })];
    const nodes = [said("b", "It is about the ÜBER thing")];

    expect(search(chats, nodes, "uber").map(({ chat: { id }, message }) => [id, message])).toEqual([
      ["b", { id: "b-1", snippet: "It is about the ÜBER thing" }],
      ["a", undefined],
    ]);
  });

  it("wants every word", () => {
    expect(search([chat("a", "One two")], [], "two one")).toHaveLength(1);
    expect(search([chat("a", "One two")], [], "two three")).toEqual([]);
  });

  it("gives all chats, pinned first, when nothing is asked", () => {
    const chats = [chat("old", "x"), chat("new", "x", { updatedAt: 9 }), chat("pinned", "x", { pinned: true })];

    expect(search(chats, [], " ").map((found) => found.chat.id)).toEqual(["pinned", "new", "old"]);
  });

  it("cuts a long message around what was found", () => {
    const long = `${"é ".normalize("NFD").repeat(100)}Nâdel${" b".repeat(100)}`;

    const snippet = search([chat("a", "x")], [said("a", long)], "nadel")[0]?.message?.snippet;

    expect(snippet).toMatch(/^….*Nâdel.*…$/);
    expect(snippet?.length).toBeLessThan(100);
  });

  it("gives no more than are asked for", () => {
    expect(search([chat("a", "x"), chat("b", "x"), chat("c", "x")], [], "x", 2)).toHaveLength(2);
  });
});
