// @vitest-environment jsdom
import "../../test/jsdom";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { CodeBlock } from "./CodeBlock";
import { codeFileName } from "./codeFile";

const { save } = vi.hoisted(() => ({ save: vi.fn() }));
vi.mock("../components/download", () => ({ save }));

it("Code is saved whole, even if only its first lines are shown", async () => {
  const code = Array.from({ length: 100 }, (_, line) => `print(${line})`).join("\n");
  render(<CodeBlock code={code} language="python" />);
  expect(screen.queryByText(/print\(99\)/)).toBeNull();

  await userEvent.click(screen.getByRole("button", { name: "Save as a file" }));

  expect(save).toHaveBeenCalledExactlyOnceWith("code.py", "text/plain", code);
});

it("The language names the file, unless it is unknown", () => {
  expect(["TypeScript", "c#", "rs", "Dockerfile", "hta", "../x", undefined].map(codeFileName)).toEqual([
    "code.ts",
    "code.cs",
    "code.rs",
    "Dockerfile",
    "code.txt",
    "code.txt",
    "code.txt",
  ]);
});
