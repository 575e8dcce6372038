import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { StrictMode, useState } from "react";
import { beforeEach, describe, expect, it } from "vitest";
import { ChatsDrawer } from "./ChatsDrawer";

function Page() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open && (
        <ChatsDrawer onClose={() => setOpen(false)}>
          <button type="button">New</button>
          {["a", "b"].map((id) => (
            <a key={id} href={`#/chat/${id}`} onClick={() => setOpen(false)}>
              {id}
            </a>
          ))}
        </ChatsDrawer>
      )}
    </>
  );
}

const openDrawer = () => {
  render(<Page />, { wrapper: StrictMode });
  fireEvent.click(screen.getByRole("button", { name: "Open" }));
};
const isOpen = () => screen.queryByRole("link", { name: "b" }) !== null;

beforeEach(() => {
  history.replaceState(null, "", "#/first");
  history.pushState(null, "", "#/chat/a");
});

describe("ChatsDrawer", () => {
  it("is closed by Back, which does not change what is below", async () => {
    openDrawer();
    expect(isOpen()).toBe(true);

    history.back();

    await waitFor(() => expect(isOpen()).toBe(false));
    expect(location.hash).toBe("#/chat/a");
  });

  it.each([
    ["button", "Hide chats"],
    ["link", "a"],
  ])("leaves no entry in the history when it is closed by the %s %s", async (role, name) => {
    openDrawer();
    fireEvent.click(screen.getByRole(role, { name }));

    expect(isOpen()).toBe(false);
    await waitFor(() => expect(history.state).toBeNull());
    expect(location.hash).toBe("#/chat/a");
    history.back();
    await waitFor(() => expect(location.hash).toBe("#/first"));
  });

  it("gives its entry to the chat that is chosen", async () => {
    openDrawer();
    fireEvent.click(screen.getByRole("link", { name: "b" }));

    expect(isOpen()).toBe(false);
    expect(location.hash).toBe("#/chat/b");
    history.back();
    await waitFor(() => expect(location.hash).toBe("#/chat/a"));
    expect(history.state).toBeNull();
  });
});
