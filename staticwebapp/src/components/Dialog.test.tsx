import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ReactNode, StrictMode, useState } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { changeAddress, leaveSpentEntries } from "../hooks/useBackToClose";
import { Dialog } from "./Dialog";

function open() {
  render(
    <Dialog title="Title" onClose={() => {}}>
      <textarea aria-label="Text" />
    </Dialog>,
  );
  return { dialog: screen.getByRole<HTMLDialogElement>("dialog"), text: screen.getByLabelText("Text") };
}

it("A dialog stays open when a selection of its text ends outside of it", () => {
  const { dialog, text } = open();

  fireEvent.pointerDown(text);
  fireEvent.click(dialog); // the browser clicks what contains both ends

  expect(dialog.open).toBe(true);
});

it("Back does not meet the entry of a dialog that was open when the page was loaded again", async () => {
  history.replaceState(null, "", "#/before");
  history.pushState(null, "", "#/chat");
  history.pushState({ overlay: 1 }, "");
  leaveSpentEntries(); // as the page does when it is loaded

  await waitFor(() => expect(history.state).toBeNull());
  expect(location.hash).toBe("#/chat");
});

it("A dialog closes when the user presses and releases outside of it", () => {
  const { dialog } = open();

  fireEvent.pointerDown(dialog);
  fireEvent.click(dialog);

  expect(dialog.open).toBe(false);
});

function Opener({ name, children }: { readonly name: string; readonly children?: ReactNode }) {
  const [isOpen, open] = useState(false);
  return (
    <>
      <button type="button" onClick={() => open(true)}>
        Open {name}
      </button>
      {isOpen && (
        <Dialog title={name} onClose={() => open(false)}>
          {children}
          <button type="button" onClick={() => open(false)}>
            Cancel {name}
          </button>
        </Dialog>
      )}
    </>
  );
}

describe("Back", () => {
  const press = (name: string) => {
    screen.getByText(name).focus(); // as a click does
    fireEvent.click(screen.getByText(name));
  };
  const shown = () => ["First", "Second"].filter((title) => screen.queryByRole("heading", { name: title }) !== null);
  const back = async (entry: string) => {
    history.back();
    await waitFor(() => expect(history.state?.overlay ?? location.hash).toEqual(entry));
  };

  beforeEach(() => {
    history.replaceState(null, "", "#/before");
    history.pushState(null, "", "#/chat");
    render(
      <Opener name="First">
        <Opener name="Second" />
      </Opener>,
      { wrapper: StrictMode },
    );
    press("Open First");
  });

  it("closes a dialog, and does not change what is below", async () => {
    expect(shown()).toEqual(["First"]);

    history.back();

    await waitFor(() => expect(shown()).toEqual([]));
    expect(location.hash).toBe("#/chat");
    await back("#/before");
  });

  it("returns the keyboard to what opened the dialog", async () => {
    press("Open Second");
    expect(document.activeElement?.textContent).not.toBe("Open Second");

    history.back();

    await waitFor(() => expect(shown()).toEqual(["First"]));
    expect(document.activeElement?.textContent).toBe("Open Second");
  });

  it("leads on after Forward, which does not open the dialog again", async () => {
    history.back();
    await waitFor(() => expect(shown()).toEqual([]));
    const forward = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));

    history.forward();
    await forward;

    await waitFor(() => expect(history.state).toBeNull());
    expect(shown()).toEqual([]);
    await back("#/before");
  });

  it("closes of two dialogs only the upper one", async () => {
    press("Open Second");

    history.back();
    await waitFor(() => expect(shown()).toEqual(["First"]));
    history.back();

    await waitFor(() => expect(shown()).toEqual([]));
    expect(location.hash).toBe("#/chat");
  });

  it("does not meet the entries of dialogs that were closed otherwise", async () => {
    press("Open Second");
    press("Cancel Second");
    await waitFor(() => expect(history.state).toEqual({ overlay: 1 }));
    press("Open Second");
    press("Cancel First");
    await waitFor(() => expect(history.state).toBeNull());

    expect(shown()).toEqual([]);
    await back("#/before");
  });

  it("leads to a dialog's page from the chat that was opened as soon as the dialog closed", async () => {
    press("Cancel First");
    await Promise.resolve();

    changeAddress(() => history.pushState(null, "", "#/next"));

    await waitFor(() => expect(location.hash).toBe("#/next"));
    await back("#/chat");
  });

  it("closes a dialog that opened as soon as another one closed", async () => {
    const left = new Promise((resolve) => addEventListener("popstate", resolve, { once: true }));
    press("Cancel First");
    await Promise.resolve();
    press("Open First");
    await left;
    expect(history.state).toEqual({ overlay: 1 });
    expect(shown()).toEqual(["First"]);

    history.back();

    await waitFor(() => expect(shown()).toEqual([]));
    expect(location.hash).toBe("#/chat");
  });
});
