import { strings } from "../i18n/strings";
import { asArray, asRecord } from "../records";
import type { Access } from "./access";
import { jsonBody, objectOf, requester } from "./requester";
import type { PlanRequest, SearchRequest, TurnRequest, TurnSignal } from "./requests";
import type { BudgetUse, ModelInfo, ModelList, ServerLimits, ToolInfo, ToolServer, UsageSummary } from "./serverInfo";

/** The HTTP API. Every method throws ApiError for a response that is not 2xx and for a server that can't be reached. */
export interface ChatApi {
  startTurn(request: TurnRequest, signal: AbortSignal): Promise<Response>;
  startSearch(request: SearchRequest, signal: AbortSignal): Promise<Response>;
  startPlan(request: PlanRequest, signal: AbortSignal): Promise<Response>;
  followTurn(turnId: string, after: number, signal: AbortSignal): Promise<Response>;
  stopTurn(turnId: string): Promise<void>;
  /** The response stays open until the turn ends or waits again. */
  signalTurn(turnId: string, signal: TurnSignal): Promise<Response>;
  listModels(): Promise<ModelList>;
  listTools(): Promise<readonly ToolInfo[]>;
  listToolServers(signal?: AbortSignal): Promise<readonly ToolServer[]>;
  /** Starts a sign-in to a server, and returns the address to open. */
  signInToServer(name: string): Promise<string>;
  signOutOfServer(name: string): Promise<void>;
  /** Completes a sign-in with what the authorization server returned, and returns the name of the server. */
  completeServerSignIn(returned: object): Promise<string>;
  usage(signal?: AbortSignal): Promise<UsageSummary>;
  limits(): Promise<ServerLimits>;
  /** Stores a file for the user, and returns its id. */
  uploadFile(name: string, content: Blob, signal?: AbortSignal): Promise<string>;
  fileContent(fileId: string, signal?: AbortSignal): Promise<Blob>;
}

/** The server waits for servers of tools that do not respond, by default up to half a minute. */
const toolsMs = 60_000;

/**
 * The API at an address that may not be known yet, so that the page can be drawn before it is.
 * @param access The user's token, where the server asks for one. It is sent to this API only.
 */
export function createApi(base: string | Promise<string>, access?: Access): ChatApi {
  const request = requester(base, access);
  const get = async (name: string, signal?: AbortSignal) =>
    objectOf(await request(`/api/${name}`, signal === undefined ? {} : { signal }));
  const start = (path: string) => (body: unknown, signal: AbortSignal) =>
    request(path, {
      method: "POST",
      ...jsonBody(body, { accept: "text/event-stream" }),
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

    signalTurn: (turnId, { arguments: changed, content, ...answer }) =>
      request(`/api/turns/${encodeURIComponent(turnId)}/signals`, {
        method: "POST",
        ...jsonBody(answer, {}, { arguments: changed, content }),
      }),

    async listModels() {
      const body = await get("models");
      return {
        models: asArray(body["models"]).filter(
          (model): model is ModelInfo => hasText(model, "id") && hasText(model, "name"),
        ),
        openProviders: asArray(body["providers"])
          .filter(
            (provider): provider is { name: string } =>
              hasText(provider, "name") && asRecord(provider)["accepts_any_model"] === true,
          )
          .map(({ name }) => name),
      };
    },

    listTools: async () =>
      asArray((await objectOf(await request("/api/tools", { limitMs: toolsMs })))["tools"]).filter(
        (tool): tool is ToolInfo => hasText(tool, "name"),
      ),

    async listToolServers(signal) {
      const [{ dependencies }, mcp] = await Promise.all([get("health", signal), get("mcp/servers", signal)]);
      const apis = Object.entries(asRecord(dependencies)).flatMap(([name, state]) =>
        name.startsWith("openapi:") ? [{ name: name.slice("openapi:".length), available: state === "ok" }] : [],
      );
      return [
        ...asArray(mcp["servers"])
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
        await request("/api/mcp/oauth/callback", { method: "POST", ...jsonBody(returned) }),
      );
      return String(server);
    },

    async usage(signal) {
      const { currency, this_month: month, budgets } = await get("usage", signal);
      const { tokens, cost } = asRecord(month);
      return {
        tokensThisMonth: typeof tokens === "number" ? tokens : 0,
        ...(typeof cost === "number" ? { costThisMonth: cost } : {}),
        ...(typeof currency === "string" ? { currency } : {}),
        budgets: asArray(budgets) as readonly BudgetUse[],
      };
    },

    async uploadFile(name, content, signal) {
      const { id } = await objectOf(
        await request(`/api/files?name=${encodeURIComponent(name)}`, {
          method: "POST",
          headers: { "content-type": "application/octet-stream" }, // the server decides the type from the content
          body: content,
          ...(signal === undefined ? {} : { signal }),
        }),
      );
      return String(id);
    },

    async fileContent(fileId, signal) {
      const response = await request(`/api/files/${encodeURIComponent(fileId)}/content`, signal ? { signal } : {});
      return response.blob();
    },

    async limits() {
      const { limits, currency, sharing, titles_by_client: titlesByClient } = await get("config");
      const most = asRecord(limits)["max_body_bytes"];
      return {
        ...(typeof most === "number" ? { maxBodyBytes: most } : {}),
        ...(typeof currency === "string" ? { currency } : {}),
        ...(sharing === "users" || sharing === "anyone" ? { sharing } : {}),
        ...(titlesByClient === true ? { titlesByClient } : {}),
      };
    },
  };
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

function hasText(item: unknown, property: string): boolean {
  return typeof asRecord(item)[property] === "string";
}
