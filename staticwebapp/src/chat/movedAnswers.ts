import { originOf } from "./copyId";
import type { ChatNodes } from "./tree";

/**
 * Where the conversation continues in place of answers that were deleted from its middle, and where messages and answers are that have moved; null is
 * its beginning.
 */
export type MovedAnswers = ReadonlyMap<string, string | null>;

/** How many moves a chat remembers: enough for devices that were offline for long, and not so many that each change of the chat takes long. */
const mostMoves = 5_000;

/** The last moves with new ones. A node that is in the chat has not moved. */
export function withMoves(
  moved: MovedAnswers = new Map(),
  moves: Iterable<readonly [string, string | null]>,
  nodes: { has(id: string): boolean },
): MovedAnswers {
  return lastMoves([...moved, ...moves].filter(([id]) => !nodes.has(id)));
}

export function lastMoves(moves: Iterable<readonly [string, string | null]>): MovedAnswers {
  return new Map([...moves].slice(-mostMoves));
}

/** What the user deleted from the middle of a chat, under any id that another device may give it when it moves. */
export function deletedOrigins(nodes: ChatNodes, moved: MovedAnswers): ReadonlySet<string> {
  const deleted = [...moved.keys()].filter((id) => {
    const place = newPlaceOf(id, nodes, moved);
    return place === null || originOf(place) !== originOf(id);
  });
  return new Set(deleted.map(originOf));
}

/** The node that now precedes what followed an answer. */
export function newPlaceOf(answerId: string, nodes: ChatNodes, moved: MovedAnswers): string | null {
  let place: string | null = answerId;
  const seen = new Set<string>(); // an answer may have moved back
  while (place !== null && !nodes.has(place) && !seen.has(place) && moved.has(place)) {
    seen.add(place);
    place = moved.get(place) ?? null;
  }
  return place;
}

/** Whether an answer was deleted here, and what followed it is still in another place. */
export function hasPlace(answerId: string, nodes: ChatNodes, moved: MovedAnswers): boolean {
  const place = newPlaceOf(answerId, nodes, moved);
  return moved.has(answerId) && (place === null || nodes.has(place));
}
