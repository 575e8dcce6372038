import { describe, expect, it } from "vitest";
import { type Chat, newChat } from "../chat/chat";
import { byFolder, folderName, folderNames } from "./folders";

const chat = (id: string, folder?: string): Chat => ({ ...newChat(id, id, 0), ...(folder ? { folder } : {}) });

describe("folders", () => {
  it("are sorted by name and keep the order of their chats", () => {
    const { folders, others } = byFolder([chat("a", "work"), chat("b"), chat("c", "Home"), chat("d", "work")]);

    expect(folders.map(({ name, chats }) => [name, ...chats.map(({ id }) => id)])).toEqual([
      ["Home", "c"],
      ["work", "a", "d"],
    ]);
    expect(others.map(({ id }) => id)).toEqual(["b"]);
  });

  it("are named after the chats in them, but not after temporary ones", () => {
    expect(folderNames([chat("a", "work"), { ...chat("b", "gone"), temporary: true }, chat("c", "Home")])).toEqual([
      "Home",
      "work",
    ]);
  });

  it.each([
    ["  Work ", "Work"],
    ["   ", undefined],
    ["x".repeat(150), "x".repeat(100)],
  ])("get the name %j as it is stored", (typed, stored) => {
    expect(folderName(typed)).toBe(stored);
  });
});
