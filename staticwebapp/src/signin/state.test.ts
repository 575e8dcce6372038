import { describe, expect, it } from "vitest";
import { initialSignIn, reduceSignIn, type SignInAction } from "./state";

const ada = { id: "issuer ada", name: "Ada", email: "ada@example.com" };
const signedIn = { phase: "signedIn", account: ada } as const;

const stateAfter = (...actions: SignInAction[]) => actions.reduce(reduceSignIn, initialSignIn);

describe("the sign-in", () => {
  it("asks the user when the silent sign-in failed", () => {
    expect(stateAfter({ type: "ended" })).toMatchObject({ phase: "signedOut", account: undefined, note: undefined });
  });

  it("shows which provider's page is opening, until the user comes back", () => {
    const opening = stateAfter({ type: "ended", note: "Try again." }, { type: "opening", provider: "entra" });

    expect(opening).toMatchObject({ opening: "entra", note: undefined });
    expect(reduceSignIn(opening, { type: "cameBack" }).opening).toBeUndefined();
  });

  it("has the signed-in account, and nothing from before", () => {
    expect(stateAfter({ type: "ended", note: "Try again." }, { type: "signedIn", account: ada })).toEqual(signedIn);
  });

  it("keeps the account when a sign-in ends", () => {
    expect(reduceSignIn(signedIn, { type: "ended", note: "Over." })).toMatchObject({
      phase: "signedOut",
      account: ada,
      note: "Over.",
    });
  });

  it("refuses only a signed-in user", () => {
    expect(reduceSignIn(signedIn, { type: "refused", note: "No." })).toMatchObject({ phase: "refused", account: ada });
    expect(stateAfter({ type: "ended" }, { type: "refused", note: "No." }).phase).toBe("signedOut");
  });
});
