import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { useShortcuts } from "./useShortcuts";

it("Esc stops the answer, but not where it ends something else", () => {
  const stop = vi.fn();
  const Page = () => {
    useShortcuts({ search: vi.fn(), newChat: vi.fn(), list: vi.fn(), type: vi.fn(() => true), stop });
    return (
      <>
        <input aria-label="Room" onKeyDown={(event) => event.preventDefault()} />
        <textarea aria-label="Message" />
      </>
    );
  };
  render(<Page />);

  fireEvent.keyDown(screen.getByLabelText("Room"), { key: "Escape" });
  expect(stop).not.toHaveBeenCalled();
  fireEvent.keyDown(screen.getByLabelText("Message"), { key: "Escape" });
  expect(stop).toHaveBeenCalledOnce();
});

it.each([true, false])("A slash is left to the browser where there is no field to type into: %s", (hasField) => {
  const type = vi.fn(() => hasField);
  const Page = () => {
    useShortcuts({ search: vi.fn(), newChat: vi.fn(), list: vi.fn(), type, stop: vi.fn() });
    return null;
  };
  render(<Page />);

  const isLeft = fireEvent.keyDown(document.body, { key: "/" });

  expect(type).toHaveBeenCalledOnce();
  expect(isLeft).toBe(!hasField);
});
