import { commit } from "./commit";
import type { Database } from "./database";
import type { EndedTurn } from "./endedTurn";

/** How many turns of a kind are kept. The older ones are deleted. */
export const mostTurns = 50;

/** Searches and plans of this browser, so that their results outlive the tab. */
export class TurnHistory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Those of a kind, newest first. */
  async list(kind: string): Promise<readonly EndedTurn[]> {
    return newestFirst(await this.#database.getAll("turns"), kind);
  }

  async add(turn: EndedTurn): Promise<void> {
    const transaction = this.#database.transaction("turns", "readwrite");
    const { store } = transaction;
    const old = newestFirst([...(await store.getAll()), turn], turn.kind).slice(mostTurns);
    await commit(transaction, [store.put(turn), ...old.map(({ id }) => store.delete(id))]);
  }

  async clear(kind: string): Promise<void> {
    const transaction = this.#database.transaction("turns", "readwrite");
    const { store } = transaction;
    const cleared = newestFirst(await store.getAll(), kind);
    await commit(
      transaction,
      cleared.map(({ id }) => store.delete(id)),
    );
  }
}

function newestFirst(turns: readonly EndedTurn[], kind: string): readonly EndedTurn[] {
  return turns.filter((turn) => turn.kind === kind).sort((a, b) => b.endedAt - a.endedAt);
}
