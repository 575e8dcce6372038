import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { type ComponentType, lazy, StrictMode, useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { Dialog, focusedByDialog } from "./Dialog";
import { LazyDialog } from "./LazyDialog";

type Module = { readonly default: ComponentType<{ readonly onClose: () => void }> };

/** A page on #/chat, after #/before, with a button for a dialog whose code is being loaded. */
function open() {
  let onLoaded: (module: Module) => void = () => {};
  let onFailed: (error: Error) => void = () => {};
  const OnDemand = lazy(
    () =>
      new Promise<Module>((resolve, reject) => {
        [onLoaded, onFailed] = [resolve, reject];
      }),
  );
  function Page() {
    const [isOpen, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(true)}>
          Open
        </button>
        {isOpen && (
          <LazyDialog onClose={() => setOpen(false)}>
            <OnDemand onClose={() => setOpen(false)} />
          </LazyDialog>
        )}
      </>
    );
  }
  render(<Page />, { wrapper: StrictMode });
  fireEvent.click(screen.getByRole("button", { name: "Open" }));
  return {
    load: () =>
      onLoaded({
        default: ({ onClose }) => (
          <Dialog title="Loaded" onClose={onClose}>
            <Field />
          </Dialog>
        ),
      }),
    fail: () => onFailed(new Error("The network failed.")),
  };
}

function Field() {
  const [text, setText] = useState("");
  return (
    <input aria-label="Field" ref={focusedByDialog} value={text} onChange={({ target }) => setText(target.value)} />
  );
}

const title = () => screen.queryByRole("heading", { name: "Loaded" });

beforeEach(() => {
  history.replaceState(null, "", "#/before");
  history.pushState(null, "", "#/chat");
});

it("Back closes a dialog that is not loaded yet, and does not change what is below", async () => {
  const { load } = open();

  const back = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
  history.back();
  await back;
  await act(async () => load());

  expect(title()).toBeNull();
  expect(location.hash).toBe("#/chat");
});

it("A dialog that has been loaded has one entry of the history", async () => {
  const { load } = open();
  load();
  await waitFor(() => expect(title()).not.toBeNull());
  expect(history.state).toEqual({ overlay: 1 });

  history.back();

  await waitFor(() => expect(title()).toBeNull());
  expect(location.hash).toBe("#/chat");
  expect(history.state).toBeNull();
});

it("A dialog that can't be loaded leaves no entry in the history", async () => {
  vi.spyOn(console, "error").mockReturnValue(); // React reports the failure
  const { fail } = open();
  expect(history.state).toEqual({ overlay: 1 });

  fail();

  await screen.findByRole("alert");
  await waitFor(() => expect(history.state).toBeNull());
  expect(location.hash).toBe("#/chat");
});

it("What is typed while a dialog is loaded goes to its field, and not to what is below", async () => {
  const { load } = open();
  const message = document.body.appendChild(document.createElement("textarea"));
  message.focus();

  await userEvent.keyboard("abx{Backspace}c{Enter}");
  await act(async () => load());

  expect(screen.getByLabelText<HTMLInputElement>("Field").value).toBe("abc");
  expect(message.value).toBe("");
  message.remove();
});

it("Esc closes a dialog that is not loaded yet", async () => {
  const { load } = open();

  await userEvent.keyboard("{Escape}");
  await act(async () => load());

  expect(title()).toBeNull();
});
