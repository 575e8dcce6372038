import { beforeEach, describe, expect, it, vi } from "vitest";
import { tokenOf } from "../../test/token";
import type { ApiError } from "../api/problem";
import { credentialOf } from "./account";
import type { Provider } from "./provider";
import { type Remembered, takeDeparture } from "./remembered";
import { SignIn } from "./signIn";
import { stateChange } from "./state";

const offer = { name: "issuer", authority: "https://login.example", clientId: "the-page" };
const hour = 3_600_000;

let now = 0;
let tokens = 0;

const credential = (sub = "ada", seconds = 3600) => {
  tokens += 1;
  return credentialOf(tokenOf({ iss: "i", sub, iat: 0, exp: seconds, jti: tokens }), now);
};

function signInWith(provider: Partial<Provider>, remembered: Remembered = {}) {
  const reload = vi.fn();
  const remember = vi.fn();
  const signIn = new SignIn({
    offers: [offer],
    load: async () => ({
      finish: async () => undefined,
      signIn: async () => credential(),
      silently: async () => undefined,
      renew: async () => undefined,
      forget: async () => {},
      ...provider,
    }),
    remembered,
    remember,
    reload,
    now: () => now,
  });
  return { signIn, reload, remember, phase: () => signIn.state.getState().phase };
}

beforeEach(() => {
  now = 0;
  sessionStorage.clear();
  localStorage.clear();
});

describe("SignIn", () => {
  it("asks the user on the first visit", async () => {
    const silently = vi.fn();
    const { signIn, phase } = signInWith({ silently });

    await signIn.start();

    expect(phase()).toBe("signedOut");
    expect(silently).not.toHaveBeenCalled();
  });

  it("signs in silently where the user signed in last time", async () => {
    const { signIn, phase } = signInWith({ silently: async () => credential() }, { provider: "issuer" });

    await signIn.start();

    expect(phase()).toBe("signedIn");
    expect(takeDeparture()).toBeUndefined();
  });

  it("asks the user, and does not leave again, when it comes back without an account", async () => {
    sessionStorage.setItem("funcchat.departure", JSON.stringify({ provider: "issuer", hash: "#/chat/1" }));
    const silently = vi.fn();
    const { signIn, phase } = signInWith({ silently }, { provider: "issuer" });

    await signIn.start();

    expect(phase()).toBe("signedOut");
    expect(silently).not.toHaveBeenCalled();
    expect(location.hash).toBe("#/chat/1");
  });

  it("reports that the sign-in failed when the provider fails", async () => {
    const { signIn } = signInWith({
      signIn: async () => {
        throw new Error("down");
      },
    });

    await signIn.signIn(offer);

    expect(signIn.state.getState()).toMatchObject({
      phase: "signedOut",
      note: "Sign-in with Issuer failed. Try again.",
    });
  });

  it("lets a request wait until the user is signed in", async () => {
    const { signIn } = signInWith({});
    await signIn.start();
    const waiting = signIn.session.token(undefined);

    await signIn.signIn(offer);

    expect(await waiting).toContain(".");
  });

  it("releases a request that was aborted", async () => {
    const { signIn } = signInWith({});
    const abort = new AbortController();
    const waiting = signIn.session.token(abort.signal);

    abort.abort();

    await expect(waiting).rejects.toThrow();
  });

  it("renews a token that is about to expire, once for all requests", async () => {
    const renew = vi.fn(async () => credential());
    const { signIn } = signInWith({ renew });
    await signIn.signIn(offer);
    const first = await signIn.session.token(undefined);

    now = hour - 60_000;
    const [second, third] = await Promise.all([signIn.session.token(undefined), signIn.session.token(undefined)]);

    expect(second).not.toBe(first);
    expect(third).toBe(second);
    expect(renew).toHaveBeenCalledOnce();
  });

  it("uses a token that can't be renewed until it expires, and asks the user then", async () => {
    const renew = vi.fn(async () => undefined);
    const { signIn, phase } = signInWith({ renew });
    await signIn.signIn(offer);
    const token = await signIn.session.token(undefined);

    now = hour - 60_000;
    expect(await signIn.session.token(undefined)).toBe(token);
    expect(await signIn.session.token(undefined)).toBe(token);
    expect(renew).toHaveBeenCalledOnce();

    now = hour;
    const waiting = signIn.session.token(undefined);
    await stateChange(signIn.state, undefined);
    expect(phase()).toBe("signedOut");
    await signIn.signIn(offer);
    expect(await waiting).not.toBe(token);
  });

  it("does not sign the user out because the provider can't be reached", async () => {
    const { signIn, phase } = signInWith({
      renew: async () => {
        throw new TypeError("offline");
      },
    });
    await signIn.signIn(offer);

    now = hour - 60_000;
    expect(await signIn.session.token(undefined)).toContain(".");
    now = 2 * hour;
    await expect(signIn.session.token(undefined)).rejects.toMatchObject({ status: 0 } satisfies Partial<ApiError>);
    expect(phase()).toBe("signedIn");
  });

  it("renews a rejected token once for all requests, and asks the user when the new one is rejected too", async () => {
    const renew = vi.fn(async () => credential());
    const { signIn, phase } = signInWith({ renew });
    await signIn.signIn(offer);
    const token = await signIn.session.token(undefined);

    await Promise.all([signIn.session.rejected(token, "Old."), signIn.session.rejected(token, "Old.")]);
    expect(renew).toHaveBeenCalledOnce();
    expect(phase()).toBe("signedIn");

    await signIn.session.rejected(await signIn.session.token(undefined), "Not for this server.");
    expect(renew).toHaveBeenCalledOnce();
    expect(signIn.state.getState()).toMatchObject({ phase: "signedOut", note: "Not for this server." });
  });

  it("reports why the API rejects a token when its provider returns the same one again", async () => {
    const only = credential();
    const { signIn } = signInWith({ signIn: async () => only, renew: async () => only });
    await signIn.signIn(offer);

    await signIn.session.rejected(only.token, "Not for this server.");

    expect(signIn.state.getState()).toMatchObject({ phase: "signedOut", note: "Not for this server." });
  });

  it("uses a token that the provider returns again until it expires", async () => {
    const only = credential();
    const renew = vi.fn(async () => credentialOf(only.token, now)); // as a provider reads it that got it just now
    const { signIn, phase } = signInWith({ signIn: async () => only, renew });
    await signIn.signIn(offer);

    now = hour - 60_000;
    expect(await signIn.session.token(undefined)).toBe(only.token);
    expect(await signIn.session.token(undefined)).toBe(only.token);
    expect(renew).toHaveBeenCalledOnce();

    now = hour;
    const abort = new AbortController();
    const waiting = signIn.session.token(abort.signal);
    await stateChange(signIn.state, undefined);
    expect(phase()).toBe("signedOut");
    abort.abort();
    await expect(waiting).rejects.toThrow();
  });

  it("reloads the page when another account signs in", async () => {
    const people = ["ada", "bob"];
    const { signIn, reload, phase } = signInWith({ signIn: async () => credential(people.shift()) });
    await signIn.signIn(offer);
    signIn.session.refused(await signIn.session.token(undefined), "Not you.");
    expect(phase()).toBe("refused");

    await signIn.signIn(offer, true);

    expect(reload).toHaveBeenCalledOnce();
    expect(phase()).toBe("refused");
  });

  it("forgets the user who signs out, here and at the provider, and asks at the next sign-in", async () => {
    const forget = vi.fn(async () => {
      throw new Error("unreachable");
    });
    const ask = vi.fn(async () => credential());
    const { signIn, remember, reload } = signInWith({ forget, signIn: ask });
    await signIn.signIn(offer);
    expect(ask).toHaveBeenLastCalledWith(false);

    await signIn.signOut();
    await signIn.signIn(offer);

    expect(forget).toHaveBeenCalledOnce();
    expect(reload).toHaveBeenCalled();
    expect(remember).toHaveBeenCalledWith({ asked: true, left: true });
    expect(ask).toHaveBeenLastCalledWith(true);
  });
});
