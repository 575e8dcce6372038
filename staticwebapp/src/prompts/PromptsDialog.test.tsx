import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import PromptsDialog from "./PromptsDialog";
import { prompts } from "./prompts";

const button = (name: string) => screen.getByRole("button", { name });
const write = (label: string, text: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value: text } });

describe("PromptsDialog", () => {
  it("adds, edits, and deletes a prompt, and puts it back", () => {
    render(<PromptsDialog onClose={() => {}} />);
    fireEvent.click(button("Add"));
    write("Name", "Summary");
    write("Text", "Summarize this:");
    fireEvent.click(button("Save"));
    expect(prompts.items()).toMatchObject([{ name: "Summary", text: "Summarize this:" }]);

    fireEvent.click(button("Edit Summary"));
    write("Name", "Digest");
    fireEvent.click(button("Save"));
    expect(prompts.items()).toMatchObject([{ name: "Digest", text: "Summarize this:" }]);

    fireEvent.click(button("Delete Digest"));
    expect(prompts.items()).toEqual([]);
    fireEvent.click(button("Undo"));
    expect(prompts.items()).toMatchObject([{ name: "Digest" }]);
  });

  it("keeps what is typed when it is closed, until that is saved or canceled", async () => {
    const { unmount } = render(<PromptsDialog onClose={() => unmount()} />);
    fireEvent.click(button("Add"));
    write("Name", "Summary");
    write("Text", "Summarize\nthis:");
    const dialog = screen.getByRole("dialog");
    fireEvent.pointerDown(dialog);
    fireEvent.click(dialog);
    await waitFor(() => expect(screen.queryByLabelText("Name")).toBeNull());

    const again = render(<PromptsDialog onClose={() => {}} />);
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Summary");
    expect(screen.getByLabelText<HTMLTextAreaElement>("Text").value).toBe("Summarize\nthis:");
    fireEvent.click(button("Save"));
    expect(prompts.items()).toMatchObject([{ name: "Summary", text: "Summarize\nthis:" }]);

    fireEvent.click(button("Edit Summary"));
    write("Name", "Digest");
    fireEvent.click(button("Cancel"));
    again.unmount();
    render(<PromptsDialog onClose={() => {}} />);
    fireEvent.click(button("Edit Summary"));
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Summary");
  });

  it("passes the keyboard on where the form or the button to undo is gone", () => {
    render(<PromptsDialog onClose={() => {}} />);
    fireEvent.click(button("Add"));
    fireEvent.click(button("Cancel"));
    expect(document.activeElement).toBe(button("Add"));

    fireEvent.click(button("Add"));
    write("Name", "Summary");
    write("Text", "Summarize this:");
    fireEvent.click(button("Save"));
    expect(document.activeElement).toBe(button("Edit Summary"));

    fireEvent.click(button("Edit Summary"));
    fireEvent.click(button("Cancel"));
    expect(document.activeElement).toBe(button("Edit Summary"));

    fireEvent.click(button("Delete Summary"));
    expect(document.activeElement).toBe(button("Undo"));
    fireEvent.click(button("Undo"));
    expect(document.activeElement).toBe(button("Edit Summary"));
  });

  it("keeps what was written and says so when the storage is full", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    render(<PromptsDialog onClose={() => {}} />);
    fireEvent.click(button("Add"));
    write("Name", "Summary");
    write("Text", "Summarize this:");
    fireEvent.click(button("Save"));

    expect(screen.getByRole("alert").textContent).toContain("could not store");
    expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Summary");
  });
});
