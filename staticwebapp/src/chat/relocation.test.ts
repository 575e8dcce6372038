import { expect, it } from "vitest";
import { answered, said } from "../../test/exchangeFixture";
import { relocate } from "./relocation";
import type { ChatNode } from "./tree";

it("moves what follows two nodes that are in place of each other to the beginning", () => {
  const nodes: ReadonlyMap<string, ChatNode> = new Map(
    [
      said("question-1", null, 1),
      answered("answer-01", "question-1", 2),
      answered("answer-01b", "question-1", 3),
      said("question-2", "answer-01", 4),
    ].map((node) => [node.id, node]),
  );

  const { added } = relocate(
    nodes,
    new Map([
      ["answer-01", "answer-01b"],
      ["answer-01b", "answer-01"],
    ]),
  );

  expect(added.map(({ parentId }) => parentId)).toEqual([null]);
});
