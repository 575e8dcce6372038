import { describe, expect, it } from "vitest";
import { tokenOf } from "../../test/token";
import { credentialOf } from "./account";

const claims = { iss: "https://login.example", sub: "1", iat: 1_000, exp: 4_600 };

describe("a credential", () => {
  it("ends when its lifetime has passed by this computer's clock, however wrong that is", () => {
    expect(credentialOf(tokenOf(claims), 5_000_000).expiresAt).toBe(5_000_000 + 3_600_000);
  });

  it("is over when the token does not say when it ends", () => {
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
  ])("tells of %o whose it is", (person, account) => {
    const { id, ...told } = credentialOf(tokenOf({ ...claims, ...person }), 0).account;

    expect(told).toEqual(account);
    expect(id).toBe("https://login.example 1");
  });

  it.each(["", "x", "a.b.c", "..", `x.${btoa("null")}.y`])("is none when the token is %j", (token) => {
    expect(() => credentialOf(token, 0)).toThrow();
  });
});
