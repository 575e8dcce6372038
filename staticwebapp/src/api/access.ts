import { ApiError } from "./problem";

/** What the API is sent where it asks who is there. */
export interface Access {
  /** A token that is good now; while nobody is signed in, it waits for somebody. Throws when the signal is aborted. */
  token(signal: AbortSignal | null | undefined): Promise<string>;
  /** The API did not take this token (401). Resolves when it is worth asking for another. */
  rejected(token: string, why: string): Promise<void>;
  /** The API knows who this is, and does not let them in (403). */
  refused(token: string, why: string): void;
}

/** Sends a request as the person who is signed in; one that came too late with its token waits and is sent again. */
export async function sendAs(
  access: Access,
  send: (url: string, init: RequestInit) => Promise<Response>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  for (;;) {
    const token = await access.token(init.signal);
    try {
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      // A redirect could take the token to another origin.
      return await send(url, { ...init, headers, redirect: "error" });
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (error.status === 403) {
        access.refused(token, error.message);
      }
      if (error.status !== 401) {
        throw error;
      }
      await access.rejected(token, error.message);
    }
  }
}
