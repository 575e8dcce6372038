import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { LoadError } from "./LoadError";

it.each([
  ["VersionError", /A newer version of FuncChat .* Reload the page/],
  ["QuotaExceededError", /could not be loaded/],
])("A page that does not open because of a %s says what is the matter", (name, text) => {
  render(<LoadError error={new DOMException("The requested version (4) is less than the existing one.", name)} />);

  expect(screen.getByRole("alert").textContent).toMatch(text);
});
