import { ApiError, errorText } from "./problem";

/** The tokens for an API that asks for a sign-in. */
export interface Access {
  /** A token that is valid now; waits for a sign-in when there is none. Throws when the signal is aborted. */
  token(signal: AbortSignal | null | undefined): Promise<string>;
  /** The API rejected this token (401). Resolves when another one may be requested. */
  rejected(token: string, why: string): Promise<void>;
  /** The API recognizes the user and denies access (403). */
  refused(token: string, why: string): void;
}

/** Sends a request as the signed-in user. One whose token has expired waits and is sent again. */
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
      // A redirect could send the token to another origin.
      return await send(url, { ...init, headers, redirect: "error" });
    } catch (error) {
      if (!(error instanceof ApiError)) {
        throw error;
      }
      if (error.status === 403) {
        access.refused(token, errorText(error, error.message));
      }
      if (error.status !== 401) {
        throw error;
      }
      await access.rejected(token, errorText(error, error.message));
    }
  }
}
