import { strings } from "../i18n/strings";
import { asRecord } from "../records";
import type { ErrorCode } from "./events";

/** A request that the server answered with a problem document, or that got no response. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  /** The HTTP status; 0 when the server could not be reached. */
  readonly status: number;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** The name of the limit that was reached, such as `threads`. */
  readonly limit: string | undefined;
  /** The field that is wrong, such as `$.created_at`. */
  readonly path: string | undefined;
  /** True when something in front of the server responded, such as a gateway whose upstream is starting. */
  readonly fromGateway: boolean;
  /** True when the message is a text of the page, in its language. The server's messages are English. */
  readonly translated: boolean;

  constructor(
    message: string,
    details: {
      code: ErrorCode;
      status: number;
      retryable: boolean;
      retryAfterMs?: number | undefined;
      limit?: string | undefined;
      path?: string | undefined;
      fromGateway?: boolean;
      translated?: boolean;
    },
  ) {
    super(message);
    this.code = details.code;
    this.status = details.status;
    this.retryable = details.retryable;
    this.retryAfterMs = details.retryAfterMs;
    this.limit = details.limit;
    this.path = details.path;
    this.fromGateway = details.fromGateway ?? false;
    this.translated = details.translated ?? false;
  }
}

/** The connection failed before a response came: a refused or reset connection, a name that does not resolve, CORS. */
export function unreachable(): ApiError {
  return new ApiError(strings.unreachable, {
    code: "UPSTREAM_ERROR",
    status: 0,
    retryable: true,
    translated: true,
  });
}

/** Reads a response that is not 2xx: `application/problem+json` from the server, anything from a proxy. */
export async function toApiError(response: Response): Promise<ApiError> {
  const problem = await readProblem(response);
  const status = response.status;
  const sentence = text(problem["detail"]) ?? text(problem["title"]);
  return new ApiError(sentence ?? (status < 500 ? strings.refused(status) : strings.unanswered(status)), {
    code: (text(problem["code"]) as ErrorCode | undefined) ?? codeFor(status),
    status,
    retryable: typeof problem["retryable"] === "boolean" ? problem["retryable"] : status === 429 || status >= 500,
    retryAfterMs: retryAfter(response.headers.get("retry-after")),
    limit: text(problem["limit"]),
    path: text(problem["path"]),
    fromGateway: text(problem["code"]) === undefined && (status === 502 || status === 503 || status === 504),
    translated: sentence === undefined,
  });
}

/** An error as a text for the user, in the language of the page as far as it has one. */
export function errorText(error: unknown, otherwise: string): string {
  if (!(error instanceof Error)) {
    return otherwise;
  }
  const failed = error instanceof ApiError && !error.translated ? strings.failed[error.code] : undefined;
  return failed === undefined ? error.message : `${failed} ${error.message}`;
}

/** An error as a text for the user, where one text explains what the server does not have. */
export function errorTextOrMissing(error: unknown, missing: string): string {
  return error instanceof ApiError && error.status === 404 ? missing : errorText(error, missing);
}

async function readProblem(response: Response): Promise<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(await response.text()));
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function codeFor(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "UNAUTHORIZED";
    case 403:
      return "FORBIDDEN";
    case 404:
      return "NOT_FOUND";
    case 429:
      return "RATE_LIMITED";
    default:
      return status < 500 ? "INVALID_REQUEST" : "INTERNAL";
  }
}

function retryAfter(header: string | null): number | undefined {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
