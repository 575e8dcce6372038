import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { expect, it } from "vitest";
import { Dialog } from "./Dialog";
import { Menu } from "./Menu";
import { MenuItem } from "./MenuItem";

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

  history.back();

  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "More" }));
});
