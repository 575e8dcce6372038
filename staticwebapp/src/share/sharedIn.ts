import { limitedFetch } from "../api/limitedFetch";
import { asRecord } from "../records";

const route = /^#\/(share|continue)\/(share_[0-9a-f]+)$/;

/** The link in an address, and whether its chat is read or continued; undefined if there is none. */
export function sharedIn(hash: string): { readonly shareId: string; readonly continues: boolean } | undefined {
  const match = route.exec(hash);
  return match?.[2] === undefined ? undefined : { shareId: match[2], continues: match[1] === "continue" };
}

/** Whether the server shows links to people who have not signed in. */
export async function isPublic(base: Promise<string>): Promise<boolean> {
  try {
    const response = await limitedFetch(`${await base}/api/config`, { cache: "no-store" });
    const { sharing, sign_in: signIn } = asRecord(response.ok ? await response.json() : undefined);
    return sharing === "anyone" && asRecord(signIn)["required"] === true;
  } catch {
    return false; // the sign-in waits for the server
  }
}
