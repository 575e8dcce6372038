import { describe, expect, it } from "vitest";
import { branchTo, type ChatNode, type ChatNodes, newestLeaf, siblingsOf, userNode } from "./tree";

function nodes(...list: [id: string, parentId: string | null][]): ChatNodes {
  return new Map(
    list.map(([id, parentId], index) => [id, userNode({ id, chatId: "c", parentId, createdAt: index }, id)]),
  );
}

const idsOf = (list: readonly ChatNode[]) => list.map((node) => node.id);
const tree = nodes(["a", null], ["b", "a"], ["c", "b"], ["b2", "a"], ["c2", "b2"], ["d2", "c2"]);

describe("a chat's tree", () => {
  it("leads from the first message to the leaf", () => {
    expect(idsOf(branchTo(tree, "d2"))).toEqual(["a", "b2", "c2", "d2"]);
    expect(branchTo(tree, null)).toEqual([]);
  });

  it("knows the alternatives of a message, oldest first", () => {
    expect(idsOf(siblingsOf(tree, tree.get("b2") as ChatNode))).toEqual(["b", "b2"]);
  });

  it("leads from a message to its newest end", () => {
    expect(newestLeaf(tree, "a")).toBe("d2");
    expect(newestLeaf(tree, "b")).toBe("c");
  });

  it("ends where a parent is missing, and on a circle", () => {
    expect(idsOf(branchTo(nodes(["b", "gone"]), "b"))).toEqual(["b"]);
    const circle = nodes(["a", "b"], ["b", "a"]);
    expect(idsOf(branchTo(circle, "a"))).toEqual(["b", "a"]);
    expect(["a", "b"]).toContain(newestLeaf(circle, "a"));
  });
});
