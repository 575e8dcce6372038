import { expect, it } from "vitest";
import { newChat } from "../chat/chat";
import { withChanges } from "./withChanges";

it("Newer instructions of a folder, which another tab has stored, stay", () => {
  const told = (text: string, changedAt: number) => ({
    ...newChat("c", "Hello", 1),
    folder: "f",
    folderInstructions: { folder: "f", text, changedAt },
  });

  const kept = withChanges(told("third", 3), told("first", 1), { ...told("second", 2), title: "New" });

  expect(kept.folderInstructions?.text).toBe("third");
  expect(kept.title).toBe("New");
  expect(withChanges(told("first", 1), told("first", 1), told("second", 2)).folderInstructions?.text).toBe("second");
});
