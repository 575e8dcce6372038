import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { strings } from "../i18n/strings";
import { StorageUnavailable } from "../storage/storageUnavailable";
import { StartError } from "./StartError";

it("shows that the browser has no storage, and offers no reload", () => {
  const { container } = render(<StartError error={new StorageUnavailable()} />);

  expect(container.textContent).toBe(strings.storageUnavailable);
});

it("offers a reload where a part of the page could not be loaded", () => {
  render(<StartError error={new TypeError("Failed to fetch dynamically imported module")} />);

  expect(screen.getByRole("alert").textContent).toContain(strings.loadError);
  expect(screen.getByRole("button", { name: strings.reload })).toBeTruthy();
});
