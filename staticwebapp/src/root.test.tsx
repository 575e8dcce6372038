import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { openBrowser, openPage } from "../test/conversationFixture";
import { newChat } from "./chat/chat";
import { assistantNode, type ChatNode, userNode } from "./chat/tree";
import { newTurn, type Part } from "./chat/turn";
import { de } from "./i18n/de";
import { en } from "./i18n/en";
import { loadLanguage } from "./i18n/strings";
import { Root } from "./root";
import type { Services } from "./services";
import { change } from "./settings/settings";

const parts: readonly Part[] = [
  { type: "reasoning", text: "Hm." },
  { type: "tool", id: "call", name: "web_search", arguments: "{}", status: "complete", round: 0, result: "[]" },
  { type: "tool", id: "other", name: "web_search", arguments: "{}", status: "failed", round: 0, result: "{}" },
  { type: "text", text: "```js\n1\n```\n\n> [!NOTE]\n> It.\n\n| a |\n|---|\n| b |\n\nSo[^1].\n\n[^1]: There." },
];

const nodes: readonly ChatNode[] = [
  userNode({ id: "q", chatId: "c", parentId: null, createdAt: 0 }, "Why?"),
  {
    ...assistantNode({ id: "a", chatId: "c", parentId: "q", createdAt: 1 }, { tools: [] }),
    turn: { ...newTurn, status: "complete", stoppedBy: "max_iterations", parts },
  },
];

/** The whole page with a chat that is open, up to one of its messages: of a page without a size, the last one is drawn. */
async function open(leafId = "a") {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: query.includes("min-width"),
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  const page = openPage("http://127.0.0.1:1", await openBrowser());
  await page.conversations.start();
  await page.conversations.chats.addAll([{ chat: { ...newChat("c", "Tides", 0), leafId }, nodes }]);
  await page.conversations.open("c");
  page.state.setState({ models: [], tools: [] });
  const api = { listToolServers: async () => [], usage: async () => ({ tokensThisMonth: 0, budgets: [] }) };
  const history = { list: async () => [] };
  return <Root services={{ ...page, api, history } as unknown as Services} />;
}

/** What the page shows and says, without what counts the elements of a visit. */
const shown = (container: Element) => container.innerHTML.replaceAll(/«?_?r_\w+_?»?/g, "id");

describe("Another language", () => {
  it.each([
    ["an answer", "a", en.footnotes, de.footnotes],
    ["a message", "q", en.copyMessage, de.copyMessage],
  ])("is shown by all parts of the page with %s", async (_, leafId, before, after) => {
    const root = await open(leafId);
    const { container, unmount } = render(root);
    await waitFor(() => expect(container.innerHTML).toContain(before));

    await loadLanguage("de");

    await waitFor(() => expect(container.innerHTML).toContain(after));
    const changed = shown(container);
    unmount();
    const fresh = render(root);
    await waitFor(() => expect(fresh.container.innerHTML).toContain(after));
    expect(changed).toBe(shown(fresh.container));
  });

  it("leaves the dialog open, with what has the keyboard and what was typed", async () => {
    const root = await open();
    render(root);
    await userEvent.type(screen.getByRole("textbox", { name: en.message }), "A draft");
    await userEvent.click(screen.getByRole("button", { name: en.settings }));
    const dialog = await screen.findByRole("dialog", { name: en.settings });
    const field = within(dialog).getByLabelText(en.chatInstructions);
    fireEvent.change(field, { target: { value: "Be brief." } });
    const option = within(dialog).getByRole("radio", { name: "Deutsch" });
    await userEvent.click(option);

    await loadLanguage("de");

    await waitFor(() => expect(dialog.getAttribute("open")).not.toBeNull());
    expect(await screen.findByRole("dialog", { name: de.settings })).toBe(dialog);
    expect(document.activeElement).toBe(option);
    expect(field).toHaveProperty("value", "Be brief.");
    expect(screen.getByRole("textbox", { name: de.message, hidden: true })).toHaveProperty("value", "A draft");
    change({ language: undefined });
  });
});

it("Icons grow with the size of the text", async () => {
  const root = await open();

  const { container } = render(root);
  await screen.findByText(en.footnotes);

  const icons = [...container.querySelectorAll("svg")];
  expect(icons.length).toBeGreaterThan(10);
  expect(icons.filter((icon) => !icon.getAttribute("width")?.endsWith("rem"))).toEqual([]);
});

it("A slash gives the keyboard to the field of a page without a message", async () => {
  render(await open());
  await userEvent.click(screen.getByRole("button", { name: en.plan }));
  const field = await screen.findByRole("textbox", { name: en.question });
  expect(document.activeElement).not.toBe(field);

  fireEvent.keyDown(document.body, { key: "/" });

  expect(document.activeElement).toBe(field);
});
