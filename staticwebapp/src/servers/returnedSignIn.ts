import { errorText } from "../api/problem";
import { loadCapabilities } from "../chat/capabilities";
import { strings } from "../i18n/strings";
import type { Services } from "../services";
import { toast } from "../toast";

const prefix = "#/mcp-sign-in/";
const key = "funcchat.serverSignIn";

/**
 * Notes the sign-in to a tool server from which this page returns, and removes it from the address. It stays in this tab until the user
 * is known: the page's own sign-in may leave the page first.
 */
export function noteReturnedSignIn(): void {
  if (location.hash.startsWith(prefix)) {
    sessionStorage.setItem(key, location.hash.slice(prefix.length));
    history.replaceState(null, "", "#/");
  }
}

/** Completes the sign-in that was noted, if there is one. The server accepts it only from the user who started it. */
export async function completeReturnedSignIn({ api, state }: Pick<Services, "api" | "state">): Promise<void> {
  const returned = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  const body = returned === null ? undefined : decode(returned);
  if (body === undefined) {
    return;
  }
  try {
    const server = await api.completeServerSignIn(body);
    await loadCapabilities(api, state); // the tools of the server
    toast.success(strings.signedInTo(server));
  } catch (error) {
    toast.error(errorText(error, strings.unreachable), { duration: 30_000 });
  }
}

/** The JSON that the server put into the address; undefined if the address is of another origin. */
function decode(text: string): object | undefined {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const body: unknown = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0))),
    );
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
