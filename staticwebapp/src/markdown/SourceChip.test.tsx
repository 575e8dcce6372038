import { render } from "@testing-library/react";
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
