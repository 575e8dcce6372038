import { expect, test } from "vitest";
import { newChat } from "./chat/chat";
import { completeAnswer } from "./chat/completeAnswer";
import { userNode } from "./chat/tree";
import { folderName } from "./folders/folders";
import { readImport } from "./import/importFile";
import { cutText } from "./text";

test.each([
  ["a😀", 1, "a"],
  ["a😀", 2, "a"],
  ["a😀", 3, "a😀"],
  ["a😀b", 9, "a😀b"],
  ["", 5, ""],
])("cuts %j at %i without halves of pairs", (text, length, cut) => {
  expect(cutText(text, length)).toBe(cut);
});

test("titles, folders and messages contain no half of a surrogate pair", async () => {
  expect(newChat("chat", `${"字".repeat(59)}😀 and more`, 0).title).toBe(`${"字".repeat(59)}…`);
  expect(newChat("chat", "half \uD83D", 0).title).toBe("half \uFFFD");
  expect(folderName(`${"x".repeat(99)}😀`)).toBe("x".repeat(99));
  expect(userNode({ id: "1", chatId: "c", parentId: null, createdAt: 0 }, "half \uD83D").text).toBe("half \uFFFD");

  const title = JSON.stringify("half \uD83D");
  const chat = `{"title":${title},"create_time":1,"update_time":1,"current_node":"b","mapping":{"a":{"id":"a","parent":null,"children":["b"],"message":null},"b":{"id":"b","parent":"a","children":[],"message":{"id":"b","author":{"role":"user"},"content":{"content_type":"text","parts":[${title}]}}}}}`;
  const { chats } = await readImport(new File([`[${chat}]`], "conversations.json"), 0);
  expect(chats[0]?.chat.title).toBe("half \uFFFD");
  expect(
    completeAnswer({ id: "2", chatId: "c", parentId: "1", createdAt: 0 }, "half \uD83D").turn.messages[0]?.content,
  ).toBe("half \uFFFD");
});
