import {
  type AuthenticationResult,
  CacheLookupPolicy,
  createStandardPublicClientApplication,
  InteractionRequiredAuthError,
} from "@azure/msal-browser";
import { type Credential, credentialOf } from "./account";
import type { ProviderOffer } from "./config";
import { type Provider, redirectUri } from "./provider";

/** Microsoft Entra ID. The API is sent an access token that is meant for it, which is the same registration as the page. */
export async function createEntraProvider({ authority, clientId }: ProviderOffer): Promise<Provider> {
  const application = await createStandardPublicClientApplication({
    auth: { clientId, authority: authority.replace(/\/v2\.0$/, ""), redirectUri: redirectUri() },
    cache: { cacheLocation: "memoryStorage" },
  });
  const scopes = [`${clientId}/.default`];

  return {
    finish: async () =>
      toCredential(await unlessRefused(application.handleRedirectPromise({ navigateToLoginRequestUrl: false }))),
    async signIn(another) {
      await application.loginRedirect({ scopes, ...(another ? { prompt: "select_account" } : {}) });
      return undefined;
    },
    async silently() {
      await application.loginRedirect({ scopes, prompt: "none" });
      return undefined;
    },
    async renew() {
      const [account] = application.getAllAccounts();
      return account === undefined
        ? undefined
        : toCredential(
            await unlessRefused(
              application.acquireTokenSilent({
                scopes,
                account,
                forceRefresh: true,
                // Never by a hidden frame: browsers keep the provider's cookies from it, and this page's policy forbids it.
                cacheLookupPolicy: CacheLookupPolicy.RefreshToken,
              }),
            ),
          );
    },
    forget: () => application.clearCache(),
  };
}

async function unlessRefused(result: Promise<AuthenticationResult | null>): Promise<AuthenticationResult | null> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof InteractionRequiredAuthError) {
      return null;
    }
    throw error;
  }
}

function toCredential(result: AuthenticationResult | null): Credential | undefined {
  return result === null ? undefined : credentialOf(result.accessToken, Date.now());
}
