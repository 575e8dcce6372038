import { jsonBody, pages, type Requester } from "../api/requester";
import type { ThreadTurn } from "../api/threads";

/** The link of a shared chat, as `POST /api/threads/{threadId}/share` returns it. */
export interface Share {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** The last turn that it shows. */
  readonly turn_id: string;
  readonly include_instructions: boolean;
  readonly include_tools: boolean;
}

/** What a link shows. */
export interface ShareOptions {
  /** The last turn of the branch. */
  readonly turn_id: string;
  readonly include_instructions: boolean;
  readonly include_tools: boolean;
}

/** A chat that is shared. */
export interface SharedChat {
  readonly id: string;
  readonly title: string;
  readonly share_id: string;
  readonly shared_at: string;
}

/** What `GET /api/shared/{shareId}` returns. */
export interface Shared {
  readonly id: string;
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly instructions?: string;
  readonly turns: readonly ThreadTurn[];
}

/** The links of shared chats. Every method throws ApiError for a response that is not 2xx. */
export interface ShareApi {
  /** The link of a chat; undefined if it is not shared. */
  find(chatId: string): Promise<Share | undefined>;
  /** Shares a chat, or updates what its link shows. */
  share(chatId: string, options: ShareOptions): Promise<Share>;
  stop(chatId: string): Promise<void>;
  /** The chats that the user shares. */
  list(signal: AbortSignal): Promise<readonly SharedChat[]>;
  open(shareId: string, signal?: AbortSignal): Promise<Shared>;
  file(shareId: string, fileId: string, signal?: AbortSignal): Promise<Blob>;
}

export function createShareApi(request: Requester): ShareApi {
  const threadPath = (chatId: string) => `/api/threads/${encodeURIComponent(chatId)}`;
  const sharedPath = (shareId: string) => `/api/shared/${encodeURIComponent(shareId)}`;
  const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
    (await request(path, { cache: "no-store", ...(signal === undefined ? {} : { signal }) })).json();
  return {
    find: async (chatId) => (await get<{ share?: Share }>(threadPath(chatId))).share,

    async share(chatId, options) {
      return (await request(`${threadPath(chatId)}/share`, { method: "POST", ...jsonBody(options) })).json();
    },

    async stop(chatId) {
      await request(`${threadPath(chatId)}/share`, { method: "DELETE" });
    },

    async list(signal) {
      const chats: SharedChat[] = [];
      const read = (query: string) =>
        get<{ threads: SharedChat[]; next?: string }>(
          `/api/threads?shared=true&archived=all&limit=200${query}`,
          signal,
        );
      for await (const page of pages(read)) {
        chats.push(...page.threads);
      }
      return chats;
    },

    open: (shareId, signal) => get<Shared>(sharedPath(shareId), signal),

    async file(shareId, fileId, signal) {
      const path = `${sharedPath(shareId)}/files/${encodeURIComponent(fileId)}`;
      return (await request(path, signal === undefined ? {} : { signal })).blob();
    },
  };
}

/** The address that shows a shared chat. The link's secret is after the #, so that it is in no server's log. */
export function linkOf(shareId: string): string {
  return `${location.origin}${location.pathname}#/share/${shareId}`;
}
