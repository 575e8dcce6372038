import { ErrorResponse, InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { newId } from "../api/ids";
import { readMs } from "../api/limitedFetch";
import { type Credential, credentialOf } from "./account";
import type { ProviderConfig } from "./config";
import { type Provider, redirectUri } from "./provider";

/**
 * Any OpenID Connect issuer, including Microsoft Entra ID: authorization code with PKCE, by redirect. The API receives
 * the ID token, whose audience is always this page; access tokens differ from issuer to issuer. Microsoft's own library
 * is not used, since its redirects require tokens in the browser's storage.
 */
export function createOpenIdProvider({ name, authority, clientId }: ProviderConfig): Provider {
  const manager = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: redirectUri(),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    // What is needed after a redirect; it contains no token.
    stateStore: new WebStorageStateStore({ store: sessionStorage, prefix: "funcchat.signin." }),
    automaticSilentRenew: false,
    loadUserInfo: false,
    requestTimeoutInSeconds: readMs / 1000, // all requests of the page wait for a token
  });

  const leave = async (prompt: string | undefined, redirectMethod: "assign" | "replace") => {
    const { scopes_supported: known } = await manager.metadataService.getMetadata();
    const scope = ["openid", "profile", "email", "offline_access"].filter((name) => known?.includes(name) ?? true);
    await manager.signinRedirect({
      scope: scope.join(" "),
      nonce: newId(),
      redirectMethod,
      ...(prompt === undefined ? {} : { prompt }),
    });
    return undefined;
  };

  return {
    async finish() {
      if (!new URLSearchParams(location.search).has("state")) {
        return undefined;
      }
      return toCredential(await unlessRefused(manager.signinRedirectCallback(location.href)));
    },
    signIn: (another) => leave(another ? (name === "entra" ? "select_account" : "login") : undefined, "assign"),
    silently: () => leave("none", "replace"),
    async renew() {
      const known = await manager.getUser();
      if (known?.refresh_token === undefined) {
        return undefined;
      }
      return toCredential(await unlessRefused(manager.signinSilent()));
    },
    async forget() {
      await manager.revokeTokens(["refresh_token"]).catch(() => {}); // not every issuer supports revocation
      await manager.removeUser();
    },
  };
}

/** An issuer's refusal is a result; any other failure is an error. */
async function unlessRefused(user: Promise<User | null>): Promise<User | null> {
  try {
    return await user;
  } catch (error) {
    if (error instanceof ErrorResponse) {
      return null;
    }
    throw error;
  }
}

function toCredential(user: User | null): Credential | undefined {
  return user?.id_token === undefined ? undefined : credentialOf(user.id_token, Date.now());
}
