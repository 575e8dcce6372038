import { loadCapabilities } from "../chat/capabilities";
import { strings } from "../i18n/strings";
import type { Services } from "../services";
import { toast } from "../toast";

/** Completes a sign-in with what the server put into the address. The server accepts it only from the user who started it. */
export async function completeSignIn({ api, state }: Pick<Services, "api" | "state">, returned: string): Promise<void> {
  const body = decode(returned);
  if (body !== undefined) {
    const server = await api.completeServerSignIn(body);
    await loadCapabilities(api, state); // the tools of the server
    toast.success(strings.signedInTo(server));
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
