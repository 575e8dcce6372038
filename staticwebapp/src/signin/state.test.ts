import { describe, expect, it } from "vitest";
import { initialSignIn, reduceSignIn, type SignInAction } from "./state";

const ada = { id: "issuer ada", name: "Ada", email: "ada@example.com" };
const signedIn = { phase: "signedIn", account: ada } as const;

const stateAfter = (...actions: SignInAction[]) => actions.reduce(reduceSignIn, initialSignIn);

describe("the sign-in", () => {
  it("asks the person when nobody was signed in without a word", () => {
    expect(stateAfter({ type: "ended" })).toMatchObject({ phase: "signedOut", account: undefined, note: undefined });
  });

  it("says which provider's page is on its way, and no longer when the person comes back", () => {
    const opening = stateAfter({ type: "ended", note: "Try again." }, { type: "opening", provider: "entra" });

    expect(opening).toMatchObject({ opening: "entra", note: undefined });
    expect(reduceSignIn(opening, { type: "cameBack" }).opening).toBeUndefined();
  });

  it("knows who is signed in, and nothing of what was before", () => {
    expect(stateAfter({ type: "ended", note: "Try again." }, { type: "signedIn", account: ada })).toEqual(signedIn);
  });

  it("remembers whose page it is when a sign-in ends", () => {
    expect(reduceSignIn(signedIn, { type: "ended", note: "Over." })).toMatchObject({
      phase: "signedOut",
      account: ada,
      note: "Over.",
    });
  });

  it("refuses only who is signed in", () => {
    expect(reduceSignIn(signedIn, { type: "refused", note: "No." })).toMatchObject({ phase: "refused", account: ada });
    expect(stateAfter({ type: "ended" }, { type: "refused", note: "No." }).phase).toBe("signedOut");
  });
});
