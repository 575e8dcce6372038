import { newId } from "../api/ids";
import { copyId, originOf } from "./copyId";
import { copyOf } from "./fork";
import { hasPlace, type MovedAnswers, newPlaceOf } from "./movedAnswers";
import { answerAt, type Relocation, relocate } from "./relocation";
import { type AssistantNode, type ChatNode, type ChatNodes, subtreeOf, type UserNode, withNodes } from "./tree";
import { isUnfinished } from "./turn";

/** A message and its answers that were deleted, and what followed them before. */
export interface DeletedExchange {
  readonly question: UserNode;
  readonly answers: readonly AssistantNode[];
  readonly followers: readonly ChatNode[];
}

/** What a node follows that was deleted after another one, and is put back; undefined where that is gone too. */
export function placeAfter(parentId: string | null, nodes: ChatNodes, moved: MovedAnswers): string | null | undefined {
  if (parentId === null || nodes.has(parentId)) {
    return parentId;
  }
  return hasPlace(parentId, nodes, moved)
    ? newPlaceOf(parentId, nodes, moved)
    : answersByOrigin(nodes).get(originOf(parentId))?.id; // another device has moved it
}

/**
 * Puts a deleted message and what followed it back, as copies where what they follow has moved. What another device has put back meanwhile is not
 * repeated.
 * @param deleted Parents first.
 */
export function restoreBranch(deleted: readonly ChatNode[], place: string | null, nodes: ChatNodes): Relocation {
  const [root] = deleted;
  const live = answersByOrigin(nodes);
  const back = new Map<string, string | null>();
  for (const node of deleted) {
    const same = node.role === "assistant" ? live.get(originOf(node.id)) : undefined;
    if (same !== undefined) {
      back.set(node.id, same.id);
      if (node.parentId !== null) {
        back.set(node.parentId, same.parentId);
      }
    }
  }
  const missing = deleted.filter(({ id }) => !back.has(id));
  const moving = new Map<string, string | null>();
  for (const node of missing) {
    const parentId = node === root ? place : (back.get(node.parentId ?? "") ?? node.parentId);
    if (parentId !== node.parentId) {
      moving.set(node.id, parentId);
    }
  }
  const { added, removed, places } = relocate(withNodes(nodes, missing), new Map(), { moving });
  const moved = new Set(removed.map(({ id }) => id));
  return {
    added: [...missing.filter(({ id }) => !moved.has(id)), ...added],
    removed: [],
    places: new Map([...back, ...places]),
  };
}

/**
 * Puts a deleted message and its answers back, and moves what now is in the place of its followers after them again. What was added and deleted
 * meanwhile stays so. Nothing moves while an answer is being written there: the message becomes another branch.
 */
export function restoreExchange(deleted: DeletedExchange, place: string | null, nodes: ChatNodes): Relocation {
  const { question, answers, followers } = deleted;
  const live = answersByOrigin(nodes);
  const isBack = answers.map(({ id }) => live.get(originOf(id))).find((node) => node !== undefined);
  const isSamePlace = place === question.parentId && !nodes.has(question.id);
  const questionId = isBack?.parentId ?? (isSamePlace ? question.id : newId());
  const added: ChatNode[] =
    isBack === undefined ? [copyOf(question, { ...question, id: questionId, parentId: place })] : [];
  const places = new Map<string, string | null>();
  for (const answer of answers.filter(({ id }) => !live.has(originOf(id)))) {
    const id = questionId === question.id ? answer.id : copyId(answer.id, answerAt(nodes, place));
    added.push(copyOf(answer, { ...answer, id, parentId: questionId }));
    places.set(answer.id, id);
  }

  const moving = new Map<string, string | null>();
  for (const root of [...nodes.values()].filter(({ parentId }) => parentId === place)) {
    const subtree = subtreeOf(nodes, root);
    const origins = new Set(subtree.map(({ id }) => originOf(id)));
    const answer = answers.find((each) => isFollowedBy(each, followers, origins));
    const isRunning = subtree.some((node) => node.role === "assistant" && isUnfinished(node.turn));
    if (answer !== undefined && !isRunning) {
      moving.set(root.id, places.get(answer.id) ?? answer.id);
    }
  }
  const all = withNodes(nodes, added);
  const moved = relocate(all, new Map(), { moving, originals: followers });
  return {
    added: [...added, ...moved.added],
    removed: moved.removed,
    places: new Map([...places, ...moved.places]),
  };
}

function answersByOrigin(nodes: ChatNodes): ReadonlyMap<string, ChatNode> {
  const answers = [...nodes.values()].filter(({ role }) => role === "assistant");
  return new Map(answers.map((node) => [originOf(node.id), node]));
}

/** Whether what followed an answer is now among nodes of these origins. */
function isFollowedBy(answer: AssistantNode, followers: readonly ChatNode[], origins: ReadonlySet<string>): boolean {
  const all = new Map([answer, ...followers].map((node) => [node.id, node]));
  return subtreeOf(all, answer).some(({ id }) => id !== answer.id && origins.has(originOf(id)));
}
