import { asRecord } from "../records";
import { type Access, sendAs } from "./access";
import { type LimitedInit, limitedFetch } from "./limitedFetch";
import { toApiError, unreachable } from "./problem";

/** Sends a request to a path of the API. */
export type Requester = (path: string, init: LimitedInit) => Promise<Response>;

/**
 * The body of a request, as JSON.
 * @param written Further fields of the object, whose values are JSON already. Reading them, to write them again, would round their numbers.
 */
export function jsonBody(
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  written: Readonly<Record<string, string | undefined>> = {},
) {
  const json = JSON.stringify(body);
  const rest = Object.entries(written).map(([name, value]) => (value === undefined ? "" : `,"${name}":${value}`));
  return {
    headers: { ...headers, "content-type": "application/json" },
    body: json.slice(0, -1) + rest.join("") + json.slice(-1),
  };
}

/**
 * The pages of a list.
 * @param read Reads one, given what to add to the query of its address.
 * @param after The item after which the list begins.
 */
export async function* pages<Page extends { readonly next?: string }>(
  read: (query: string) => Promise<Page>,
  after?: string,
): AsyncGenerator<Page> {
  let next = after;
  do {
    const page = await read(next === undefined ? "" : `&after=${encodeURIComponent(next)}`);
    yield page;
    next = page.next;
  } while (next !== undefined);
}

/** Sends requests to the API. Throws ApiError for a response that is neither 2xx nor 304. */
export function requester(base: string | Promise<string>, access?: Access): Requester {
  return async (path, init) => {
    const url = (await base) + path;
    return access === undefined ? send(url, init) : sendAs(access, send, url, init);
  };
}

async function send(url: string, init: LimitedInit): Promise<Response> {
  let response: Response;
  try {
    response = await limitedFetch(url, init);
  } catch (error) {
    throw init.signal?.aborted ? error : unreachable();
  }
  if (!response.ok && response.status !== 304) {
    throw await toApiError(response);
  }
  return response;
}

/** The JSON object of a response. */
export async function objectOf(response: Response): Promise<Record<string, unknown>> {
  try {
    return asRecord(await response.json());
  } catch {
    throw unreachable(); // a static host that answers /api with the page: the API is elsewhere or down
  }
}
