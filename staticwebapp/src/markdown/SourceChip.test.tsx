import { render, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { SourceChip } from "./SourceChip";

it("The card of a source reads in the direction of its title, which reorders nothing", () => {
  const source = { title: "לא \u202Eevil\u202C", url: "https://example.com/", description: "\u2066x\u2069" };

  const { container } = render(<SourceChip number={1} source={source} />);

  const [title, , description] = [...(container.querySelector(".source-card")?.children ?? [])];
  expect(title?.textContent).toBe("לא evil");
  expect(title?.getAttribute("dir")).toBe("auto");
  expect(description?.textContent).toBe("x");
});

it("The card of a reference is shown after the page has scrolled to what the keyboard has reached, and hidden when it moves on", async () => {
  const { container } = render(<SourceChip number={1} source={{ title: "Tides", url: "https://example.com/" }} />);
  let isOpen = false;
  const togglePopover = (open: boolean) => {
    isOpen = open;
  };
  Object.assign(container.querySelector(".source-card") ?? {}, { togglePopover });

  screen.getByRole("link").focus();
  dispatchEvent(new Event("scroll"));

  await waitFor(() => expect(isOpen).toBe(true));
  screen.getByRole("link").blur();
  expect(isOpen).toBe(false);
});
