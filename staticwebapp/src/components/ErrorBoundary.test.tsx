import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ErrorBoundary } from "./ErrorBoundary";

function Message({ text }: { readonly text: string }) {
  if (text === "odd") {
    throw new Error("It can't be drawn.");
  }
  return <p>{text}</p>;
}

const bounded = (text: string) => (
  <ErrorBoundary of={text} fallback={<p>something else</p>}>
    <Message text={text} />
  </ErrorBoundary>
);

it("shows something else in place of what can't be drawn, and what comes in its place", () => {
  vi.spyOn(console, "error").mockImplementation(() => {}); // React logs what was caught
  const { rerender } = render(bounded("odd"));
  expect(screen.getByText("something else")).toBeDefined();

  rerender(bounded("plain"));

  expect(screen.getByText("plain")).toBeDefined();
});
