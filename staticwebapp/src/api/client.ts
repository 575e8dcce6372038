import { strings } from "../i18n/strings";
import { type Access, sendAs } from "./access";
import type { ChatMessage } from "./messages";
import { toApiError, unreachable } from "./problem";

/** The body of `POST /api/chat`. */
export interface TurnRequest {
  readonly turn_id: string;
  readonly messages: readonly ChatMessage[];
  readonly model?: string;
  readonly tools?: readonly string[];
  /** The tools whose calls the user has approved for the chat. */
  readonly approved_tools?: readonly string[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  /** The thread that the turn continues; `messages` are then the new ones alone. */
  readonly thread_id?: string;
  /** The turn of the thread to continue from, or `root`. */
  readonly parent_turn_id?: string;
}

/** The body of `POST /api/turns/{turnId}/signals`: the user's answer to a request of a turn. */
export interface TurnSignal {
  readonly type: "approve" | "deny" | "answer";
  readonly request_id: string;
  readonly arguments?: object;
  readonly content?: object;
  readonly reason?: string;
  readonly always?: boolean;
}

/** The body of `POST /api/search`. */
export interface SearchRequest {
  readonly turn_id: string;
  readonly queries: readonly string[];
  readonly max_results: number;
  readonly include_content: boolean;
}

/** The body of `POST /api/planning`. */
export interface PlanRequest {
  readonly turn_id: string;
  readonly query: string;
  readonly model?: string;
  readonly answers?: readonly PlanAnswer[];
}

/** The user's answer to a question of an earlier plan. */
export interface PlanAnswer {
  readonly question: string;
  readonly answer: string;
}

export interface ModelInfo {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description?: string;
  readonly is_demo?: boolean;
  readonly is_default?: boolean;
  /** As far as the provider reports them. */
  readonly capabilities?: {
    readonly images?: boolean;
    readonly audio?: boolean;
    readonly files?: boolean;
    readonly tools?: boolean;
    readonly reasoning?: boolean;
    /** The tokens that a conversation may have. */
    readonly context_length?: number;
  };
  /** The price of a million tokens, where the server has one. */
  readonly price?: { readonly input: number; readonly output: number; readonly currency: string };
}

/** What the server offers; a model of one of the `openProviders` need not be listed. */
export interface ModelList {
  readonly models: readonly ModelInfo[];
  readonly openProviders: readonly string[];
}

export interface ToolInfo {
  readonly name: string;
  readonly description: string;
  readonly parameters?: unknown;
  readonly long_running?: boolean;
}

/** An MCP server or an API whose tools the server offers. */
export interface ToolServer {
  readonly name: string;
  readonly available: boolean;
  /** Whether the user is signed in to the server, with the access that it needs; absent where users do not sign in. */
  readonly signedIn?: boolean;
}

/** What the user has used, as `GET /api/usage` returns it. Amounts are in the currency of the server's prices or, without one, tokens. */
export interface UsageSummary {
  readonly currency?: string;
  readonly tokensThisMonth: number;
  readonly costThisMonth?: number;
  readonly budgets: readonly BudgetUse[];
}

export interface BudgetUse {
  readonly name: string;
  readonly used: number;
  readonly allowed: number;
  readonly currency?: string;
}

/** What `GET /api/config` says about requests; absent where the server does not say it. */
export interface ServerLimits {
  readonly maxBodyBytes?: number;
  /** The currency of costs, if the server has prices. */
  readonly currency?: string;
  /** Who may open the links of shared chats. */
  readonly sharing?: "off" | "users" | "anyone";
  /** Whether the page may ask a model for the titles of chats. */
  readonly titlesByClient?: boolean;
}

/** The HTTP API. Every method throws ApiError for a response that is not 2xx and for a server that can't be reached. */
export interface ChatApi {
  startTurn(request: TurnRequest, signal: AbortSignal): Promise<Response>;
  startSearch(request: SearchRequest, signal: AbortSignal): Promise<Response>;
  startPlan(request: PlanRequest, signal: AbortSignal): Promise<Response>;
  followTurn(turnId: string, after: number, signal: AbortSignal): Promise<Response>;
  stopTurn(turnId: string): Promise<void>;
  /** The response stays open until the turn ends or waits again. */
  signalTurn(turnId: string, signal: TurnSignal): Promise<Response>;
  listModels(signal?: AbortSignal): Promise<ModelList>;
  listTools(signal?: AbortSignal): Promise<readonly ToolInfo[]>;
  listToolServers(signal?: AbortSignal): Promise<readonly ToolServer[]>;
  /** Starts a sign-in to a server, and returns the address to open. */
  signInToServer(name: string): Promise<string>;
  signOutOfServer(name: string): Promise<void>;
  /** Completes a sign-in with what the authorization server returned, and returns the name of the server. */
  completeServerSignIn(returned: object): Promise<string>;
  usage(signal?: AbortSignal): Promise<UsageSummary>;
  limits(signal?: AbortSignal): Promise<ServerLimits>;
  /** Stores a file for the user, and returns its id. */
  uploadFile(name: string, content: Blob): Promise<string>;
  fileContent(fileId: string, signal?: AbortSignal): Promise<Blob>;
}

/**
 * The API at an address that may not be known yet, so that the page can be drawn before it is.
 * @param access The user's token, where the server asks for one. It is sent to this API only.
 */
export function createApi(base: string | Promise<string>, access?: Access): ChatApi {
  const request = requester(base, access);
  const get = async (name: string, signal: AbortSignal | undefined) =>
    objectOf(await request(`/api/${name}`, signal === undefined ? {} : { signal }));
  const start = (path: string) => (body: unknown, signal: AbortSignal) =>
    request(path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify(body),
      signal,
    });
  const turnPath = (turnId: string) => `/api/chat/${encodeURIComponent(turnId)}`;

  return {
    startTurn: start("/api/chat"),
    startSearch: start("/api/search"),
    startPlan: start("/api/planning"),

    followTurn: (turnId, after, signal) =>
      request(turnPath(turnId), {
        headers: { accept: "text/event-stream", "last-event-id": String(after) },
        cache: "no-store",
        signal,
      }),

    async stopTurn(turnId) {
      // keepalive: a stop right before the tab closes still arrives.
      await request(turnPath(turnId), { method: "DELETE", keepalive: true });
    },

    signalTurn: (turnId, signal) =>
      request(`/api/turns/${encodeURIComponent(turnId)}/signals`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(signal),
      }),

    async listModels(signal) {
      const body = await get("models", signal);
      return {
        models: listIn(body, "models").filter(
          (model): model is ModelInfo => hasText(model, "id") && hasText(model, "name"),
        ),
        openProviders: listIn(body, "providers")
          .filter(
            (provider): provider is { name: string } =>
              hasText(provider, "name") && (provider as { accepts_any_model?: unknown }).accepts_any_model === true,
          )
          .map(({ name }) => name),
      };
    },

    listTools: async (signal) =>
      listIn(await get("tools", signal), "tools").filter((tool): tool is ToolInfo => hasText(tool, "name")),

    async listToolServers(signal) {
      const [{ dependencies }, mcp] = await Promise.all([get("health", signal), get("mcp/servers", signal)]);
      const apis = Object.entries((dependencies as Record<string, unknown> | undefined) ?? {}).flatMap(
        ([name, state]) =>
          name.startsWith("openapi:") ? [{ name: name.slice("openapi:".length), available: state === "ok" }] : [],
      );
      return [
        ...listIn(mcp, "servers")
          .filter((server) => hasText(server, "name"))
          .map(toToolServer),
        ...apis,
      ];
    },

    async signInToServer(name) {
      const { url } = await objectOf(await request(signInPath(name), { method: "POST" }));
      const address = URL.parse(String(url));
      if (address?.protocol !== "https:" && address?.protocol !== "http:") {
        throw new Error(strings.unsafeAddress); // it comes from the tool server
      }
      return address.href;
    },

    async signOutOfServer(name) {
      await request(signInPath(name), { method: "DELETE" });
    },

    async completeServerSignIn(returned) {
      const { server } = await objectOf(
        await request("/api/mcp/oauth/callback", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(returned),
        }),
      );
      return String(server);
    },

    async usage(signal) {
      const { currency, this_month: month, budgets } = await get("usage", signal);
      const { tokens, cost } = (month ?? {}) as { tokens?: unknown; cost?: unknown };
      return {
        tokensThisMonth: typeof tokens === "number" ? tokens : 0,
        ...(typeof cost === "number" ? { costThisMonth: cost } : {}),
        ...(typeof currency === "string" ? { currency } : {}),
        budgets: Array.isArray(budgets) ? (budgets as readonly BudgetUse[]) : [],
      };
    },

    async uploadFile(name, content) {
      const { id } = await objectOf(
        await request(`/api/files?name=${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { "content-type": "application/octet-stream" }, // the server decides the type from the content
          body: content,
        }),
      );
      return String(id);
    },

    async fileContent(fileId, signal) {
      const response = await request(`/api/files/${encodeURIComponent(fileId)}/content`, signal ? { signal } : {});
      return response.blob();
    },

    async limits(signal) {
      const { limits, currency, sharing, titles_by_client: titlesByClient } = await get("config", signal);
      const most = (limits as { max_body_bytes?: unknown } | null | undefined)?.max_body_bytes;
      return {
        ...(typeof most === "number" ? { maxBodyBytes: most } : {}),
        ...(typeof currency === "string" ? { currency } : {}),
        ...(sharing === "users" || sharing === "anyone" ? { sharing } : {}),
        ...(titlesByClient === true ? { titlesByClient } : {}),
      };
    },
  };
}

/** Sends requests to the API. Throws ApiError for a response that is neither 2xx nor 304. */
export function requester(base: string | Promise<string>, access?: Access) {
  return async (path: string, init: RequestInit): Promise<Response> => {
    const url = (await base) + path;
    return access === undefined ? send(url, init) : sendAs(access, send, url, init);
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw init.signal?.aborted ? error : unreachable();
  }
  if (!response.ok && response.status !== 304) {
    throw await toApiError(response);
  }
  return response;
}

async function objectOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    throw unreachable(); // a static host that answers /api with the page: the API is elsewhere or down
  }
}

function signInPath(server: string): string {
  return `/api/mcp/servers/${encodeURIComponent(server)}/sign-in`;
}

function toToolServer(server: unknown): ToolServer {
  const { name, state, signed_in: signedIn } = server as { name: string; state?: unknown; signed_in?: unknown };
  return {
    name,
    available: state === "available",
    ...(typeof signedIn === "boolean" ? { signedIn: signedIn && state !== "sign_in_required" } : {}),
  };
}

function listIn(body: Record<string, unknown>, name: string): unknown[] {
  const items = body[name];
  return Array.isArray(items) ? items : [];
}

function hasText(item: unknown, property: string): boolean {
  return typeof (item as Record<string, unknown> | null)?.[property] === "string";
}
