import { isCopyId, originOf } from "../chat/copyId";
import { deletedOrigins, type MovedAnswers, newPlaceOf } from "../chat/movedAnswers";
import { type ChatNodes, subtreeOf } from "../chat/tree";
import { isUnfinished } from "../chat/turn";

/** Answers of this browser, with their messages, that disappear although this browser has changed what follows them. */
export interface ReplacedAnswers {
  /** Each with the node that its followers follow instead. */
  readonly disappearing: MovedAnswers;
  /** Answers that have moved here, and that another device has deleted. */
  readonly forgotten: ReadonlySet<string>;
}

/**
 * Finds what two devices have deleted or moved at the same time: both give the same id to the same answer in the same place, and can tell by the
 * origin of other ids which answers are copies of one.
 * @param onServer The turns that the server has.
 * @param gone The turns that another device has removed from the server.
 */
export function replacedAnswers(
  nodes: ChatNodes,
  onServer: ReadonlySet<string>,
  gone: ReadonlySet<string>,
  moved: MovedAnswers,
): ReplacedAnswers {
  const originsOnServer = new Set([...onServer].map(originOf));
  const answers = [...nodes.values()].filter(({ role }) => role === "assistant");
  const disappearing = new Map<string, string | null>();
  const forgotten = new Set<string>();

  for (const id of gone) {
    const origin = originOf(id);
    const own = newPlaceOf(id, nodes, moved);
    if (own === null || !nodes.has(own) || originOf(own) !== origin || onServer.has(own)) {
      continue;
    }
    const copy = answers.find(
      (each) => each.id !== own && !gone.has(each.id) && !disappearing.has(each.id) && originOf(each.id) === origin,
    );
    if (copy !== undefined) {
      disappearing.set(own, copy.id); // it has moved there too
    } else if (own !== id && !originsOnServer.has(origin)) {
      disappearing.set(own, placeBefore(nodes, own)); // it has moved here, and was deleted there
      for (const each of [...moved.keys(), own].filter((key) => originOf(key) === origin)) {
        forgotten.add(each);
      }
    }
  }

  // Devices have put the same answer in different places.
  for (const [id, kept] of duplicates([...onServer].filter((each) => nodes.has(each) && !disappearing.has(each)))) {
    disappearing.set(id, kept);
  }

  // Another device has deleted a message from the middle, and what it precedes has moved.
  for (const id of disappearing.size > 0 ? gone : []) {
    if (nodes.has(id) && !disappearing.has(id)) {
      disappearing.set(id, placeBefore(nodes, id));
    }
  }

  // Another device has moved what was deleted here.
  const origins = deletedOrigins(nodes, moved);
  for (const { id } of answers) {
    if (isCopyId(id) && origins.has(originOf(id))) {
      disappearing.set(id, placeBefore(nodes, id));
    }
  }

  for (const id of unanswered(nodes, new Set(disappearing.keys()))) {
    disappearing.set(id, nodes.get(id)?.parentId ?? null);
  }
  const isRunning = [...disappearing.keys()].some((id) => {
    const node = nodes.get(id);
    return (
      node !== undefined && subtreeOf(nodes, node).some((each) => each.role === "assistant" && isUnfinished(each.turn))
    );
  });
  return isRunning ? { disappearing: new Map(), forgotten: new Set() } : { disappearing, forgotten };
}

/**
 * Answers that are copies of one, each with the one that every device keeps: the last one on the server, because a device sends a copy
 * before it removes what the copy replaces.
 */
function duplicates(onServer: readonly string[]): ReadonlyMap<string, string> {
  const kept = new Map(onServer.map((id) => [originOf(id), id]));
  return new Map(
    onServer.flatMap((id) => {
      const last = kept.get(originOf(id)) ?? id;
      return last === id ? [] : [[id, last] as const];
    }),
  );
}

/** The messages all of whose answers are removed. */
export function unanswered(nodes: ChatNodes, removed: ReadonlySet<string>): readonly string[] {
  const parents = (isRemoved: boolean) =>
    new Set([...nodes.values()].filter(({ id }) => removed.has(id) === isRemoved).map(({ parentId }) => parentId));
  const remaining = parents(false);
  return [...parents(true)].filter(
    (id): id is string => id !== null && nodes.get(id)?.role === "user" && !remaining.has(id),
  );
}

/** What the message of an answer follows. */
function placeBefore(nodes: ChatNodes, answerId: string): string | null {
  return nodes.get(nodes.get(answerId)?.parentId ?? "")?.parentId ?? null;
}
