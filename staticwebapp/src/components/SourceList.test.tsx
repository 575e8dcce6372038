import { act, render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { SourceList } from "./SourceList";

describe("The sources of an answer", () => {
  it("are open while the page is printed", () => {
    render(<SourceList sources={[{ title: "Tides", url: "https://example.com/tides" }]} />);
    const list = screen.getByRole("group");
    expect(list).toHaveProperty("open", false);

    act(() => void dispatchEvent(new Event("beforeprint")));

    expect(list).toHaveProperty("open", true);
    act(() => void dispatchEvent(new Event("afterprint")));
    expect(list).toHaveProperty("open", false);
  });
});
