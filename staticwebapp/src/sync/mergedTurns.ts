import type { ThreadTurn, ThreadTurnItem } from "../api/threads";
import { copyId } from "../chat/copyId";
import { lastMoves, type MovedAnswers, newPlaceOf } from "../chat/movedAnswers";
import { answerAt, relocate } from "../chat/relocation";
import { type ChatNode, type ChatNodes, subtreeOf } from "../chat/tree";
import { affectedTurns } from "./affectedTurns";
import { replacedAnswers, unanswered } from "./replacedAnswers";
import { nodesOf } from "./threadNodes";

export interface TurnsToMerge {
  readonly chatId: string;
  /** All turns that the server has. */
  readonly turns: readonly ThreadTurnItem[];
  /** Those that this browser lacks, or knows less of. */
  readonly contents: readonly ThreadTurn[];
  readonly nodes: ChatNodes;
  /** The turns that the server had when both sides were last compared. */
  readonly known: readonly string[];
  readonly moved: MovedAnswers | undefined;
}

export interface MergedTurns {
  readonly added: readonly ChatNode[];
  readonly removed: ReadonlySet<string>;
  readonly moved: MovedAnswers;
  /** What is now in place of nodes that were replaced by copies. */
  readonly places: MovedAnswers;
}

/** The messages of both sides, each once, and without those that one of them deleted. */
export function mergedTurns({
  chatId,
  turns,
  contents,
  nodes,
  known,
  moved: before = new Map(),
}: TurnsToMerge): MergedTurns {
  const all = new Map(nodes);
  const affected = affectedTurns(turns, nodes, known, before);
  const moved = new Map(affected.moved);
  const added = new Map<string, ChatNode>();
  const add = (node: ChatNode) => {
    all.set(node.id, node);
    added.set(node.id, node);
    moved.delete(node.id);
  };

  // Copies that this browser has, of turns that another device has put back: they are on the server again soon.
  const returned = new Set<string>();
  for (const turn of contents.filter(({ turn_id: id }) => !affected.deleted.has(id))) {
    const placed = affected.moving.has(turn.turn_id) ? movedTurn(turn, all, moved) : turn;
    if (placed === undefined) {
      continue;
    }
    if (placed !== turn && all.has(placed.turn_id)) {
      returned.add(placed.turn_id);
    } else {
      nodesOf(chatId, placed, all).forEach(add);
    }
    if (placed !== turn) {
      moved.set(turn.turn_id, placed.turn_id);
    }
  }

  const onServer = new Set(turns.map(({ turn_id: id }) => id));
  const gone = new Set(known.filter((id) => !onServer.has(id) && !returned.has(id)));
  const replaced = replacedAnswers(all, onServer, gone, moved);
  const { added: copies, removed: replacedNodes, places } = relocate(all, replaced.disappearing);
  const removed = new Set(replacedNodes.map(({ id }) => id));
  for (const { id, role } of replacedNodes) {
    if (role === "assistant" && !gone.has(id)) {
      moved.set(id, places.get(id) ?? null);
    }
  }
  for (const id of replaced.forgotten) {
    moved.delete(id);
  }
  copies.forEach(add);

  for (const id of gone) {
    const answer = all.get(id);
    const subtree = answer === undefined || removed.has(id) ? [] : subtreeOf(all, answer);
    const isContinued = subtree.some(
      (node) => node.role === "assistant" && !known.includes(node.id) && !removed.has(node.id),
    );
    for (const node of isContinued ? [] : subtree) {
      removed.add(node.id);
    }
  }
  for (const question of unanswered(all, removed)) {
    removed.add(question);
  }
  return {
    added: [...added.values()].filter(({ id }) => !removed.has(id)),
    removed,
    moved: lastMoves(moved),
    places,
  };
}

/** The turn as a copy in the place to which it moves; undefined while it can't. */
function movedTurn(turn: ThreadTurn, nodes: ChatNodes, moved: MovedAnswers): ThreadTurn | undefined {
  const { parent_turn_id: parent, ...rest } = turn;
  const place = parent === undefined ? null : newPlaceOf(parent, nodes, moved);
  if (turn.status === "running" || parent === undefined || (place !== null && !nodes.has(place))) {
    return undefined;
  }
  return {
    ...rest,
    turn_id: copyId(turn.turn_id, answerAt(nodes, place)),
    ...(place === null ? {} : { parent_turn_id: place }),
  };
}
