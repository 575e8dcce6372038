import { describe, expect, it } from "vitest";
import { tokenOf } from "../../test/token";
import { credentialOf } from "./account";

const claims = { iss: "https://login.example", sub: "1", iat: 1_000, exp: 4_600 };

describe("a credential", () => {
  it("expires after its lifetime by this computer's clock, even if that is wrong", () => {
    expect(credentialOf(tokenOf(claims), 5_000_000).expiresAt).toBe(5_000_000 + 3_600_000);
  });

  it("has expired when the token has no expiry", () => {
    expect(credentialOf(tokenOf({ iss: "i", sub: "1" }), 7).expiresAt).toBe(7);
  });

  it.each([
    [
      { name: "Ada", email: "ada@example.com" },
      { name: "Ada", email: "ada@example.com" },
    ],
    [{ preferred_username: "ada@example.com" }, { name: "ada@example.com", email: "ada@example.com" }],
    [{ name: "Ádá 世界" }, { name: "Ádá 世界" }],
    [{ name: 5, email: ["a"] }, { name: "1" }],
  ])("reads the account from %o", (person, account) => {
    const { id, ...names } = credentialOf(tokenOf({ ...claims, ...person }), 0).account;

    expect(names).toEqual(account);
    expect(id).toBe("https://login.example 1");
  });

  it.each(["", "x", "a.b.c", "..", `x.${btoa("null")}.y`])("is refused when the token is %j", (token) => {
    expect(() => credentialOf(token, 0)).toThrow();
  });
});
