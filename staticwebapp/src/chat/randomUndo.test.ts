import { expect, it } from "vitest";
import { openBrowser, openPage } from "../../test/conversationFixture";
import { answered, chatId, said } from "../../test/exchangeFixture";
import { randomOf, seeds } from "../../test/random";
import { newChat, textOf } from "./chat";
import type { ChatNode, UserNode } from "./tree";

const empty = { ...newChat(chatId, "question-1", 0), leafId: null };

/** A user who adds, edits, regenerates, deletes, and puts back what was deleted, in any order. */
async function openAtRandom(seed: number) {
  const random = randomOf(seed);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const page = openPage("http://127.0.0.1:1/", await openBrowser());
  const { chats, deletions } = page.conversations;
  await chats.add(empty, []);
  await page.conversations.open(chatId);
  const texts = () => page.nodes().map(textOf).sort();
  const undos: { readonly undo: () => Promise<void>; readonly deleted: readonly string[] }[] = [];
  let last = 0;

  const add = async (parent?: Pick<ChatNode, "parentId" | "role">) => {
    const chat = page.state.getState().chats.get(chatId) ?? empty;
    last += 1;
    const question = said(`question-${last}`, parent === undefined ? chat.leafId : parent.parentId, 2 * last);
    const isAnswer = parent?.role === "assistant";
    const answer = answered(`answer-0${last}`, isAnswer ? (parent.parentId ?? "") : question.id, 2 * last + 1);
    await chats.add({ ...chat, leafId: answer.id }, isAnswer ? [answer] : [question, answer]);
  };
  const remove = async (node: ChatNode | undefined, kind: "deleteExchange" | "deleteFrom") => {
    if (node !== undefined) {
      const before = texts();
      const { undo } = await deletions[kind](node as UserNode);
      const after = new Set(texts());
      undos.push({ undo, deleted: before.filter((text) => !after.has(text)) });
    }
  };
  for (let count = 0; count < 4; count++) {
    await add();
  }
  return {
    page,
    texts,
    /** Returns what is in the chat if this was an undo and succeeded: what was there before, and what was deleted. */
    async step(): Promise<readonly string[] | undefined> {
      const kind = random();
      const before = texts();
      if (kind < 0.35) {
        await remove(pick(page.nodes().filter(({ role }) => role === "user")), "deleteExchange");
      } else if (kind < 0.5) {
        await remove(pick(page.nodes()), "deleteFrom");
      } else if (kind < 0.8) {
        const [deletion] = undos.splice(Math.floor(random() * undos.length), 1);
        const troubles = page.troubles.length;
        await deletion?.undo();
        return page.troubles.length > troubles
          ? before
          : [...new Set([...before, ...(deletion?.deleted ?? [])])].sort();
      } else {
        await add(kind < 0.9 ? undefined : pick(page.nodes()));
      }
      return undefined;
    },
  };
}

it.each(seeds([3689, 7967], 100))(
  "An undo puts back what was deleted, each message once and after another one (seed %i)",
  async (seed) => {
    const { page, texts, step } = await openAtRandom(seed);
    for (let count = 0; count < 12; count++) {
      const expected = await step();

      const nodes = page.nodes();
      const ids = new Set([null, ...nodes.map(({ id }) => id)]);
      expect(texts()).toEqual(expected ?? [...new Set(texts())]);
      expect(nodes.filter(({ parentId }) => !ids.has(parentId))).toEqual([]);
    }
  },
);
