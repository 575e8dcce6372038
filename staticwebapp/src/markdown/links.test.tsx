import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import Markdown from "./Markdown";
import { SafeLink } from "./SafeLink";

const shown = (text: string, url: string) => render(<SafeLink href={url}>{text}</SafeLink>).container.textContent;

describe("a link's text", () => {
  it.each([
    ["https://bank.example", "https://evil.test/", "https://bank.example (evil.test)"],
    ["bank.example/login", "https://evil.test/", "bank.example/login (evil.test)"],
    ["www.bank.example", "https://bank.example.evil.test/", "www.bank.example (bank.example.evil.test)"],
    ["https://user@bank.example", "https://evil.test/", "https://user@bank.example (evil.test)"],
    ["bank.example: sign in", "https://evil.test/", "bank.example: sign in (evil.test)"],
    ["HTTPS://BANK.EXAMPLE", "https://evil.test/", "HTTPS://BANK.EXAMPLE (evil.test)"],
  ])("%s is followed by the host that it opens", (text, url, expected) => {
    expect(shown(text, url)).toBe(expected);
  });

  it.each([
    ["https://bank.example/a", "https://bank.example/b"],
    ["bank.example", "https://www.bank.example/"],
    ["BANK.example", "https://bank.example:8443/"],
    ["Sign in", "https://bank.example/"],
    ["e.g. this page", "https://bank.example/"],
    ["1.5 million", "https://bank.example/"],
    ["Node.js", "https://nodejs.org/"],
    ["readme.md", "https://github.example/"],
    ["ASP.NET Core", "https://learn.example/"],
  ])("%s is shown as it is", (text, url) => {
    expect(shown(text, url)).toBe(text);
  });

  it("has no marks that reorder it", () => {
    expect(shown("bank\u202Etset.live\u202C\u2066x\u2069", "https://evil.test/")).toBe("banktset.livex (evil.test)");
  });

  it.each([
    ["[https://bank.example](https://evil.test)", "https://bank.example (evil.test)"],
    ["[**https://bank.example**](https://evil.test)", "https://bank.example (evil.test)"],
    ["[https://**bank**.example](https://evil.test)", "https://bank.example (evil.test)"],
    ["[`bank.example`](https://evil.test)", "bank.example (evil.test)"],
    ["[*bank\u202Etset.live*](https://evil.test)", "banktset.live (evil.test)"],
    ["[**Sign in**](https://bank.example)", "Sign in"],
  ])("is checked in Markdown too: %s", (text, expected) => {
    expect(render(<Markdown text={text} streaming={false} />).container.textContent).toBe(expected);
  });
});

it("tells an address, which may break in a narrow cell, from words", () => {
  const { container } = render(<Markdown text="https://example.com/a and [docs](https://example.com/b)" />);

  expect([...container.querySelectorAll("a")].map(({ className }) => className)).toEqual(["address", ""]);
});
