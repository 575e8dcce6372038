import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Pencil } from "lucide-react";
import { StrictMode, useState } from "react";
import { expect, it, vi } from "vitest";
import { Dialog } from "./Dialog";
import { Menu } from "./Menu";
import { MenuItem } from "./MenuItem";
import { OnDemandMenu } from "./OnDemandMenu";

function Page() {
  const [isOpen, open] = useState(false);
  return (
    <>
      <Menu part="main" button={{ "aria-label": "More" }}>
        <MenuItem Icon={Pencil} label="Rename" onSelect={() => open(true)} />
      </Menu>
      {isOpen && (
        <Dialog title="Title" onClose={() => open(false)}>
          Text
        </Dialog>
      )}
    </>
  );
}

it("A dialog that a menu opened returns the keyboard to the button of the menu", async () => {
  render(<Page />);
  fireEvent.click(screen.getByRole("menuitem"));
  await screen.findByRole("dialog");
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Close" }));

  fireEvent.click(screen.getByRole("button", { name: "Close" }));

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "More" }));
  await waitFor(() => expect(history.state).toBeNull());
});

it.each([
  ["a key", "menuitem", 0],
  ["the pointer", "menu", 1],
])("When %s opens a menu that is not loaded yet, the focus is on a %s", async (_, role, detail) => {
  render(
    <OnDemandMenu load={async () => {}} button={{ "aria-label": "More" }}>
      <Page />
    </OnDemandMenu>,
  );

  fireEvent.click(screen.getByRole("button"), { detail });

  await screen.findByRole("menu");
  await waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe(role));
});

/** What asks a page to close what is on top, as Back does on Android. */
class Watcher {
  static readonly open: Watcher[] = [];
  onclose = () => {};

  constructor() {
    Watcher.open.push(this);
  }

  destroy() {
    Watcher.open.splice(Watcher.open.indexOf(this), 1);
  }
}

it("A menu closes when the system asks for it", () => {
  vi.stubGlobal("CloseWatcher", Watcher);
  render(<Page />, { wrapper: StrictMode });

  act(() => Watcher.open.at(-1)?.onclose());

  expect(screen.queryByRole("menu")).toBeNull();
  expect(Watcher.open).toEqual([]);
});
