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
    const turns = await this.#database.getAll("turns");
    return turns.filter((turn) => turn.kind === kind).sort((a, b) => b.endedAt - a.endedAt);
  }

  async add(turn: EndedTurn): Promise<void> {
    await this.#database.put("turns", turn);
    const old = (await this.list(turn.kind)).slice(mostTurns);
    await Promise.all(old.map(({ id }) => this.#database.delete("turns", id)));
  }

  async clear(kind: string): Promise<void> {
    await Promise.all((await this.list(kind)).map(({ id }) => this.#database.delete("turns", id)));
  }
}
