import { type Chat, newChat } from "../src/chat/chat";
import { type AssistantNode, branchTo, byId, type ChatNode, userNode } from "../src/chat/tree";
import { ChatStorage } from "../src/storage/chatStorage";
import { SyncStorage } from "../src/storage/syncStorage";
import { ChatSync } from "../src/sync/chatSync";
import { closable } from "./closableDatabase";
import { openBrowser } from "./conversationFixture";
import { answered, saveChat } from "./exchangeFixture";
import type { ThreadServer } from "./threadServer";

/** The storage of one browser of the user, without a page. */
export async function openStorage(server: ThreadServer) {
  const { database, closeAfterWrite, reopen } = closable(await openBrowser());
  const storage = new ChatStorage(database);
  const changed: string[] = [];
  const sync = new ChatSync({
    api: server.api(),
    storage,
    synced: new SyncStorage(database),
    onChanged: async (chatId) => void changed.push(chatId),
  });
  let clock = Date.UTC(2024, 0, 1);
  const save = async (chat: Chat, nodes: readonly ChatNode[] = []) => {
    await saveChat(storage, chat, nodes);
    sync.touch(chat.id);
  };
  return {
    storage,
    sync,
    /** The chats that the sync has changed. */
    changed,
    save,
    closeAfterWrite,
    reopen,
    /** A question and its answer at the end of the chat. */
    async say(chatId: string, text: string, answerId: string, after?: string) {
      clock += 10;
      const chat = (await storage.chat(chatId)) ?? newChat(chatId, text, clock);
      const base = { chatId, createdAt: clock };
      const question = userNode({ ...base, id: `question-${answerId}`, parentId: after ?? chat.leafId }, text);
      await save({ ...chat, leafId: answerId }, [
        question,
        answered(answerId, question.id, clock, { chatId, text: `Answer ${answerId}` }),
      ]);
    },
    async remove(chatId: string) {
      await storage.remove(chatId);
      sync.touch(chatId);
    },
    async texts(chatId: string) {
      const nodes = byId(await storage.nodes(chatId));
      const leafId = (await storage.chat(chatId))?.leafId ?? null;
      return branchTo(nodes, leafId).map((node) =>
        node.role === "user"
          ? node.text
          : node.turn.parts.map((part) => (part.type === "tool" ? "" : part.text)).join(""),
      );
    },
    async answer(id: string) {
      return (await storage.allNodes()).find((node): node is AssistantNode => node.id === id);
    },
  };
}
