import type { ThreadTurnItem } from "../api/threads";
import { originOf } from "../chat/copyId";
import { deletedOrigins, type MovedAnswers, newPlaceOf } from "../chat/movedAnswers";
import type { ChatNodes } from "../chat/tree";

/** What a deletion in this browser means for the turns of a thread. */
export interface AffectedTurns {
  /** Turns that the user deleted, and those that another device added after them. */
  readonly deleted: ReadonlySet<string>;
  /** Turns that another device added after an answer that has moved: they move too. */
  readonly moving: ReadonlySet<string>;
  /** Where answers have moved, with the copies of another device of what the user deleted here. */
  readonly moved: MovedAnswers;
}

/** @param known The turns that the server had when both sides were last compared. */
export function affectedTurns(
  turns: readonly ThreadTurnItem[],
  nodes: ChatNodes,
  known: readonly string[],
  movedBefore: MovedAnswers,
): AffectedTurns {
  const deleted = new Set<string>();
  const moving = new Set<string>();
  const kept = new Set<string>();
  const moved = new Map(movedBefore);
  const before = new Set(known);
  const origins = deletedOrigins(nodes, moved);
  const isMoved = (id: string) => {
    const place = newPlaceOf(id, nodes, moved);
    return moved.has(id) && (place === null || nodes.has(place) || kept.has(place));
  };
  for (const { turn_id: id, parent_turn_id: parent } of turns) {
    if (nodes.has(id)) {
      continue;
    }
    if (before.has(id)) {
      deleted.add(id);
    } else if (origins.has(originOf(id))) {
      deleted.add(id);
      moved.set(id, parent ?? null);
    } else if (parent !== undefined && !nodes.has(parent)) {
      if (moving.has(parent) || isMoved(parent)) {
        moving.add(id);
      } else if (deleted.has(parent)) {
        deleted.add(id);
      }
    }
    if (!deleted.has(id)) {
      kept.add(id);
    }
  }
  return { deleted, moving, moved };
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
