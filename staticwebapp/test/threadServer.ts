import { ApiError } from "../src/api/problem";
import type { AddedTurn, Thread, ThreadApi, ThreadFields, ThreadTurn } from "../src/api/threads";
import { eventsOf } from "../src/sync/turnEvents";
import { answered, chatId } from "./exchangeFixture";

interface StoredThread {
  title: string;
  folder?: string;
  metadata: object;
  createdAt: string;
  version: number;
  turns: ThreadTurn[];
}

/** The threads of one user, as the server keeps them. */
export class ThreadServer {
  readonly threads = new Map<string, StoredThread>();
  /** Set to refuse requests, as a server that can't be reached. */
  isDown = false;
  /** The threads that are damaged. */
  readonly damaged = new Set<string>();

  /** The threads that were created after the list was read. */
  readonly unlisted = new Set<string>();
  /** The most turns of a thread. */
  maxTurns = Number.POSITIVE_INFINITY;
  /** How many turns were refused for it. */
  refusedTurns = 0;

  /** What one browser calls. */
  api(): ThreadApi {
    let seen: string | undefined;
    return {
      list: async () => {
        this.#check();
        const whole = [...this.threads].filter(([id]) => !this.damaged.has(id) && !this.unlisted.has(id));
        const state = JSON.stringify(whole.map(([id, { version }]) => [id, version]));
        if (state === seen) {
          return undefined;
        }
        seen = state;
        return whole.map(([id]) => this.#report(id));
      },
      read: async (id) => this.#report(id),
      create: async (id, createdAt, fields) => {
        this.#check();
        if (this.threads.has(id)) {
          throw refusal(409);
        }
        this.threads.set(id, {
          title: fields.title ?? "",
          ...(fields.folder === undefined ? {} : { folder: fields.folder }),
          metadata: fields.metadata ?? {},
          createdAt,
          version: 1,
          turns: [],
        });
      },
      change: async (id, fields) => this.#change(id, (thread) => Object.assign(thread, clean(fields))),
      remove: async (id) => {
        this.#thread(id);
        this.threads.delete(id);
      },
      turns: async (id, after) => {
        const { turns } = this.#thread(id);
        return turns.slice(turns.findIndex(({ turn_id: each }) => each === after) + 1);
      },
      addTurn: async (id, turnId, turn) => this.add(id, turnId, turn),
      removeTurn: async (id, turnId, etag) => {
        if (this.#report(id).etag !== etag) {
          throw refusal(412);
        }
        this.#change(id, (thread) => {
          const gone = new Set([turnId]);
          thread.turns = thread.turns.filter(({ turn_id: each, parent_turn_id: parent }) => {
            if (gone.has(each) || gone.has(parent ?? "")) {
              gone.add(each);
            }
            return !gone.has(each);
          });
        });
      },
    };
  }

  add(id: string, turnId: string, { messages, events, ...turn }: AddedTurn, status?: ThreadTurn["status"]): void {
    const known = this.#thread(id);
    if (known.turns.some(({ turn_id: each }) => each === turnId)) {
      return;
    }
    const parent = turn.parent_turn_id;
    if (parent !== undefined && !known.turns.some(({ turn_id: each }) => each === parent)) {
      throw refusal(409);
    }
    if (known.turns.length >= this.maxTurns) {
      this.refusedTurns += 1;
      throw refusal(429);
    }
    this.#change(id, (thread) => {
      thread.turns = [
        ...thread.turns,
        {
          ...turn,
          turn_id: turnId,
          status: status ?? (events.at(-1)?.type === "complete" ? "complete" : "failed"),
          messages,
          answer: [],
          ...(status === "running" ? {} : { events }),
        },
      ];
    });
  }

  /** Adds a question and its answer as a third device would. */
  addExchange(number: number, parent: string, status?: "running"): void {
    const text = `answer-0${number}`;
    const turn = {
      parent_turn_id: parent,
      created_at: "2026-01-01T00:00:00Z",
      messages: [{ role: "user", content: `question-${number}` }] as const,
      events: eventsOf(text, answered(text, parent, 0).turn),
    };
    this.add(chatId, text, turn, status);
  }

  /** The texts of the questions. */
  questions(): readonly string[] {
    return (this.threads.get(chatId)?.turns ?? []).map(({ messages }) => String(messages[0]?.content)).sort();
  }

  #report(id: string): Thread {
    const { title, folder, metadata, createdAt, version, turns } = this.#thread(id);
    return {
      id,
      title,
      ...(folder ? { folder } : {}),
      metadata,
      created_at: createdAt,
      updated_at: createdAt,
      etag: `"${id}-${version}"`,
      turns,
    };
  }

  #change(id: string, change: (thread: StoredThread) => void): void {
    const thread = this.#thread(id);
    change(thread);
    thread.version += 1;
  }

  #thread(id: string): StoredThread {
    this.#check();
    const thread = this.threads.get(id);
    if (thread === undefined) {
      throw refusal(404);
    }
    if (this.damaged.has(id)) {
      throw refusal(500);
    }
    return thread;
  }

  #check(): void {
    if (this.isDown) {
      throw refusal(0);
    }
  }
}

function refusal(status: number): ApiError {
  return new ApiError(`HTTP ${status}`, { code: "CONFLICT", status, retryable: false });
}

function clean(fields: ThreadFields): ThreadFields {
  return JSON.parse(JSON.stringify(fields));
}
