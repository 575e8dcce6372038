import type { TurnEvent } from "./events";
import type { ChatMessage } from "./messages";
import { ApiError } from "./problem";
import { jsonBody, pages, type Requester } from "./requester";

/** A thread as `GET /api/threads` lists it. */
export interface ThreadItem {
  readonly id: string;
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly etag: string;
  readonly folder?: string;
  readonly metadata?: object;
}

/** A turn of a thread, without its content. */
export interface ThreadTurnItem {
  readonly turn_id: string;
  readonly parent_turn_id?: string;
  readonly status: "running" | "complete" | "failed" | "stopped";
  readonly created_at: string;
}

export interface Thread extends ThreadItem {
  readonly turns: readonly ThreadTurnItem[];
}

/** A turn of a thread; it has no events while it runs. */
export interface ThreadTurn extends ThreadTurnItem {
  readonly messages: readonly ChatMessage[];
  readonly answer: readonly ChatMessage[];
  readonly model?: string;
  /** Whether the server can no longer read its messages and events. */
  readonly damaged?: boolean;
  readonly events?: readonly TurnEvent[];
}

/** The body of `PUT /api/threads/{threadId}/turns/{turnId}`. */
export interface AddedTurn {
  readonly parent_turn_id?: string;
  readonly created_at: string;
  readonly messages: readonly ChatMessage[];
  readonly events: readonly TurnEvent[];
}

export interface ThreadFields {
  readonly title?: string;
  /** An empty text takes the thread out of its folder. */
  readonly folder?: string;
  readonly metadata?: object;
}

/** The conversations that the server keeps. Every method throws ApiError for a response that is not 2xx. */
export interface ThreadApi {
  /** All threads; undefined if they are the same as at the last call. */
  list(): Promise<readonly ThreadItem[] | undefined>;
  read(threadId: string): Promise<Thread>;
  create(threadId: string, createdAt: string, fields: ThreadFields): Promise<void>;
  change(threadId: string, fields: ThreadFields): Promise<void>;
  remove(threadId: string): Promise<void>;
  /** The turns after one, or all of them, with their events. */
  turns(threadId: string, after: string | undefined): Promise<readonly ThreadTurn[]>;
  addTurn(threadId: string, turnId: string, turn: AddedTurn): Promise<void>;
  /** Removes a turn and those that follow it, unless the thread has changed since it had this ETag. */
  removeTurn(threadId: string, turnId: string, etag: string): Promise<void>;
}

export function createThreadApi(request: Requester): ThreadApi {
  let listTag: string | undefined;
  const get = async <T>(path: string): Promise<T> => (await request(path, { cache: "no-store" })).json();
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await request(path, {
      method,
      ...(body === undefined ? { headers } : jsonBody(body, headers)),
    });
    await response.text();
  };
  /** Sends what began at a time. Where the server refuses that time, since the clock of this device is wrong, it began now. */
  const sendFrom = async (method: string, path: string, createdAt: string, body: object) => {
    try {
      await send(method, path, { ...body, created_at: createdAt });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 400 && error.path === "$.created_at")) {
        throw error;
      }
      await send(method, path, body);
    }
  };
  const pathOf = (threadId: string) => `/api/threads/${encodeURIComponent(threadId)}`;

  return {
    async list() {
      const threads: ThreadItem[] = [];
      let after: string | undefined;
      let tag: string | undefined;
      do {
        const response = await request(
          `/api/threads?archived=all&limit=200${after === undefined ? "" : `&after=${encodeURIComponent(after)}`}`,
          { cache: "no-store", ...(after === undefined && listTag ? { headers: { "if-none-match": listTag } } : {}) },
        );
        if (response.status === 304) {
          return undefined;
        }
        const page: { threads: ThreadItem[]; next?: string } = await response.json();
        // Of one page: a thread can be deleted from any of several.
        tag = after === undefined && page.next === undefined ? (response.headers.get("etag") ?? undefined) : undefined;
        threads.push(...page.threads);
        after = page.next;
      } while (after !== undefined);
      listTag = tag;
      return threads;
    },

    read: (threadId) => get<Thread>(pathOf(threadId)),

    create: (threadId, createdAt, fields) =>
      sendFrom("POST", "/api/threads", createdAt, { thread_id: threadId, ...fields }),

    change: (threadId, fields) => send("PATCH", pathOf(threadId), fields),

    remove: (threadId) => send("DELETE", pathOf(threadId)),

    async turns(threadId, after) {
      const turns: ThreadTurn[] = [];
      const read = (query: string) =>
        get<{ turns: ThreadTurn[]; next?: string }>(`${pathOf(threadId)}/turns?events=true&limit=20${query}`);
      for await (const page of pages(read, after)) {
        turns.push(...page.turns);
      }
      return turns;
    },

    addTurn: (threadId, turnId, { created_at: createdAt, ...turn }) =>
      sendFrom("PUT", `${pathOf(threadId)}/turns/${encodeURIComponent(turnId)}`, createdAt, turn),

    removeTurn: (threadId, turnId, etag) =>
      send("DELETE", `${pathOf(threadId)}/turns/${encodeURIComponent(turnId)}`, undefined, { "if-match": etag }),
  };
}
