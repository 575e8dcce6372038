import type { ApprovalRequestData } from "../api/events";
import { jsonBody, pages, type Requester } from "../api/requester";
import { asArray } from "../records";

/** What the user may do for others, as `GET /api/usage` names it. */
export type Role = "administrator" | "approver";

/** What one user has used in a month. */
export interface UserUsage {
  readonly user: string;
  /** The e-mail address, if known. */
  readonly name?: string;
  readonly tokens: number;
  readonly cost?: number;
  readonly tool_runs: number;
  readonly bytes: number;
}

/** What `GET /api/usage/users` returns. */
export interface AllUsage {
  /** Such as 2026-11. */
  readonly month: string;
  readonly currency?: string;
  readonly total: Omit<UserUsage, "user" | "name">;
  readonly users: readonly UserUsage[];
}

/** A tool call of any user that waits for an approver. */
export interface WaitingCall {
  readonly turn_id: string;
  readonly request_id: string;
  readonly owner: string;
  readonly owner_name?: string;
  readonly name: string;
  readonly arguments: string;
  readonly reason?: string;
  readonly reason_code?: NonNullable<ApprovalRequestData["reason_code"]>;
  readonly expires_at: string;
}

export interface CallAnswer {
  readonly type: "approve" | "deny";
  readonly reason?: string;
}

/** What administrators and approvers do. Every method throws ApiError for a response that is not 2xx. */
export interface AdminApi {
  roles(): Promise<readonly Role[]>;
  /** @param month Such as 2026-11. */
  usage(month: string, signal: AbortSignal): Promise<AllUsage>;
  usageCsv(month: string): Promise<string>;
  /** All calls that wait, the one that expires first at the beginning. */
  waiting(signal: AbortSignal): Promise<readonly WaitingCall[]>;
  answer(call: WaitingCall, answer: CallAnswer): Promise<void>;
}

export function createAdminApi(request: Requester): AdminApi {
  return {
    async roles() {
      const { roles }: { roles?: unknown } = await (await request("/api/usage", { cache: "no-store" })).json();
      return asArray(roles).filter((role): role is Role => role === "administrator" || role === "approver");
    },

    async usage(month, signal) {
      return (await request(`/api/usage/users?month=${month}`, { cache: "no-store", signal })).json();
    },

    async usageCsv(month) {
      return (await request(`/api/usage/users?month=${month}&format=csv`, { cache: "no-store" })).text();
    },

    async waiting(signal) {
      const calls: WaitingCall[] = [];
      const read = async (query: string): Promise<{ approvals: WaitingCall[]; next?: string }> =>
        (await request(`/api/approvals?limit=100${query}`, { cache: "no-store", signal })).json();
      for await (const page of pages(read)) {
        calls.push(...page.approvals);
      }
      return calls.sort((a, b) => Date.parse(a.expires_at) - Date.parse(b.expires_at));
    },

    async answer({ turn_id: turnId, request_id: requestId, owner }, answer) {
      const path = `/api/turns/${encodeURIComponent(turnId)}/signals?owner=${encodeURIComponent(owner)}`;
      const response = await request(path, {
        method: "POST",
        ...jsonBody({ ...answer, request_id: requestId }),
      });
      response.text().catch(() => {}); // open until the turn ends or waits again; the answer counts already
    },
  };
}
