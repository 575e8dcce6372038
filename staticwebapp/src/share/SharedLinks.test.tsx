import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { Dialog } from "../components/Dialog";
import { strings } from "../i18n/strings";
import SharedLinks from "./SharedLinks";

it("SharedLinks passes the keyboard to the next link when one is revoked, and after the last to the dialog", async () => {
  const chats = ["Tides", "Moon"].map((title) => ({ id: title, title, share_id: title, shared_at: "2026-01-01" }));
  const shares = { list: async () => chats, stop: async () => {} };
  const services = { signIn: {}, shares: async () => shares };
  const dialog = (
    <Dialog title="Settings" onClose={() => {}}>
      <SharedLinks />
    </Dialog>
  );
  render(withServices(services as never, dialog));
  const stop = (title: string) => screen.findByRole("button", { name: strings.stopSharingOf(title) });

  await userEvent.click(await stop("Tides"));

  const next = await stop("Moon");
  await waitFor(() => expect(document.activeElement).toBe(next));
  await userEvent.click(next);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: strings.close })));
});
