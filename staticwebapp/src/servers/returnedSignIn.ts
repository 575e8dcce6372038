import { errorText } from "../api/problem";
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

/** Completes the sign-in that was noted, if there is one. It stays noted, for a reload, where what completes it can't be loaded. */
export async function completeReturnedSignIn(services: Pick<Services, "api" | "state">): Promise<void> {
  const returned = sessionStorage.getItem(key);
  if (returned === null) {
    return;
  }
  try {
    const { completeSignIn } = await import("./completeSignIn").catch(() => {
      throw new Error(strings.loadError);
    });
    sessionStorage.removeItem(key);
    await completeSignIn(services, returned);
  } catch (error) {
    toast.error(errorText(error, strings.unreachable), { duration: 30_000 });
  }
}
