import { type Access, sendAs } from "./access";
import { toApiError, unreachable } from "./problem";

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

/** The JSON object of a response. */
export async function objectOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    throw unreachable(); // a static host that answers /api with the page: the API is elsewhere or down
  }
}
