import { jwtDecode } from "jwt-decode";

/** The signed-in user, from the claims of the token. */
export interface Account {
  /** The same for the same user at every sign-in. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
}

/** A token for the API, and when it expires by this computer's clock. It is kept in memory only. */
export interface Credential {
  readonly token: string;
  readonly expiresAt: number;
  readonly account: Account;
}

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly iat?: number;
  readonly exp?: number;
  readonly name?: unknown;
  readonly email?: unknown;
  readonly preferred_username?: unknown;
}

/**
 * Reads a token that was issued just now. The page trusts nothing in it; the API validates it.
 * @throws Error when it is not a JSON Web Token.
 */
export function credentialOf(token: string, now: number): Credential {
  const claims = jwtDecode<Claims>(token);
  const { iss = "", sub = "", exp = 0 } = claims;
  const email = text(claims.email) ?? text(claims.preferred_username);
  return {
    token,
    // Its lifetime counts from now, since this computer's clock may be wrong.
    expiresAt: now + Math.max(0, exp - (claims.iat ?? now / 1000)) * 1000,
    account: {
      id: `${iss} ${sub}`,
      name: text(claims.name) ?? email ?? sub,
      ...(email === undefined ? {} : { email }),
    },
  };
}

function text(claim: unknown): string | undefined {
  return typeof claim === "string" && claim !== "" ? claim : undefined;
}
