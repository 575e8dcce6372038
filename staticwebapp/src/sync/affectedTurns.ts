import type { ThreadTurnItem } from "../api/threads";
import type { ChatNodes } from "../chat/tree";

/** Where the conversation continues in place of answers that were deleted from its middle; null is its beginning. */
export type MovedAnswers = ReadonlyMap<string, string | null>;

/** What a deletion in this browser means for the turns of a thread. */
export interface AffectedTurns {
  /** Turns that the user deleted, and those that another device added after them. */
  readonly deleted: ReadonlySet<string>;
  /** Turns that another device added after an answer that has moved: they move too. */
  readonly moving: ReadonlySet<string>;
}

/** @param known The turns that the server had when both sides were last compared. */
export function affectedTurns(
  turns: readonly ThreadTurnItem[],
  nodes: ChatNodes,
  known: readonly string[],
  moved: MovedAnswers,
): AffectedTurns {
  const deleted = new Set<string>();
  const moving = new Set<string>();
  const before = new Set(known);
  for (const { turn_id: id, parent_turn_id: parent } of turns) {
    if (nodes.has(id)) {
      continue;
    }
    if (before.has(id) || hasPlace(id, nodes, moved)) {
      deleted.add(id);
    } else if (parent !== undefined && !nodes.has(parent)) {
      if (moving.has(parent) || hasPlace(parent, nodes, moved)) {
        moving.add(id);
      } else if (deleted.has(parent)) {
        deleted.add(id);
      }
    }
  }
  return { deleted, moving };
}

/** The node that now precedes what followed an answer. */
export function newPlaceOf(answerId: string, nodes: ChatNodes, moved: MovedAnswers): string | null {
  let place: string | null = answerId;
  while (place !== null && !nodes.has(place) && moved.has(place)) {
    place = moved.get(place) ?? null;
  }
  return place;
}

/** Whether an answer was deleted here, and what followed it is still in another place. */
export function hasPlace(answerId: string, nodes: ChatNodes, moved: MovedAnswers): boolean {
  const place = newPlaceOf(answerId, nodes, moved);
  return moved.has(answerId) && (place === null || nodes.has(place));
}

/** A turn and those that follow it. */
export function turnsFrom(turns: readonly ThreadTurnItem[], first: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { turn_id: id, parent_turn_id: parent } of turns) {
    if (id === first || (parent !== undefined && found.has(parent))) {
      found.add(id);
    }
  }
  return found;
}
