import { ErrorResponse, InMemoryWebStorage, type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { newId } from "../api/ids";
import { type Credential, credentialOf } from "./account";
import type { ProviderConfig } from "./config";
import { type Provider, redirectUri } from "./provider";

/**
 * Any OpenID Connect issuer, Microsoft Entra ID among them: authorization code with PKCE, by redirect. The API is sent
 * the ID token, whose audience is always this page; what an issuer's access tokens are like is its own affair.
 * Microsoft's own library is not used, since it redirects only where it may keep tokens in the browser's storage.
 */
export function createOpenIdProvider({ name, authority, clientId }: ProviderConfig): Provider {
  const manager = new UserManager({
    authority,
    client_id: clientId,
    redirect_uri: redirectUri(),
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    // What a redirect has to find again, of which no token is a part.
    stateStore: new WebStorageStateStore({ store: sessionStorage, prefix: "funcchat.signin." }),
    automaticSilentRenew: false,
    loadUserInfo: false,
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
      await manager.revokeTokens(["refresh_token"]).catch(() => {}); // not every issuer lets them be taken back
      await manager.removeUser();
    },
  };
}

/** An issuer's plain no is an answer; anything else that goes wrong is not. */
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
