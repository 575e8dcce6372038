import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import { strings } from "../i18n/strings";
import { EarlierTurns } from "./EarlierTurns";

it("EarlierTurns passes the keyboard to the field of the page when the history is cleared", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const turn = { id: "t", kind: "plan", request: "Tides", view: {}, endedAt: 0 };
  const history = { list: async () => [turn], clear: async () => {} };
  const page = (
    <main>
      <form>
        <textarea aria-label="Question" />
      </form>
      <EarlierTurns kind="plan" heading="Earlier" version={0} titleOf={String} onChosen={() => {}} />
    </main>
  );
  render(withServices({ history } as never, page));

  await userEvent.click(await screen.findByRole("button", { name: strings.clearHistory }));

  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("Question")));
});
