import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type GoldenName, goldenBytes } from "../../test/golden";
import { withServices } from "../../test/services";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { newChat } from "../chat/chat";
import { createChatState } from "../chat/state";
import { type AssistantNode, assistantNode } from "../chat/tree";
import { newTurn, reduceTurnAll } from "../chat/turn";
import { loadLanguage } from "../i18n/strings";
import { parseChats, serializeChats } from "../storage/chatFile";
import { AssistantMessage } from "./AssistantMessage";

function nodeOf(name: GoldenName, take?: number): AssistantNode {
  const events = new TurnEventDecoder(turnEvents).push(goldenBytes(name)).slice(0, take);
  const node = assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
  return { ...node, turn: reduceTurnAll(newTurn, events) };
}

const conversations = { messages: { regenerate: vi.fn(async () => {}), send: vi.fn(async () => {}) }, resume: vi.fn() };
const state = createChatState();
const services = { state, conversations };
const Page = ({ children }: { readonly children: ReactNode }) => withServices(services, children);
const show = (node: AssistantNode) => render(<AssistantMessage node={node} />, { wrapper: Page }).container;

afterEach(() => loadLanguage("en"));

describe("AssistantMessage", () => {
  it("shows text and tool cards in the order in which they arrived", async () => {
    const drawn = show(nodeOf("tools-parallel"));

    const last = await screen.findByText("Based on the search, Flex Consumption streams.");
    const cards = [...drawn.querySelectorAll("[data-tool]")];
    expect(cards.map((card) => card.getAttribute("data-status"))).toEqual(["complete", "failed"]);
    expect(cards.at(-1)?.compareDocumentPosition(last)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it.each([
    [true, 0],
    [false, 1],
  ])("shows that text is being written unless the turn waits for the user: parked %s", async (parked, carets) => {
    const node = nodeOf("plain-text", 0);
    const parts = [{ type: "text", text: "Let me look." }] as const;

    const drawn = show({ ...node, turn: { ...node.turn, status: "running", parts, parked } });

    await waitFor(() => expect(drawn.querySelector(".prose p")).not.toBeNull());
    expect(drawn.querySelectorAll(".streaming")).toHaveLength(carets);
  });

  it.each([
    [true, "false"],
    [false, "true"],
  ])("is busy unless it waits for the user: parked %s", (parked, busy) => {
    const node = nodeOf("plain-text", 0);

    const drawn = show({ ...node, turn: { ...node.turn, status: "running", parked } });

    expect(drawn.querySelector("article")?.getAttribute("aria-busy")).toBe(busy);
  });

  it("shows the call that waits for the answer to its question as one that waits", () => {
    const node = nodeOf("plain-text", 0);
    const parts = [{ type: "tool", id: "a", name: "book", arguments: "{}", status: "executing" }] as const;
    const asks = { id: "req_1", call_id: "a", message: "Which room?", schema: {}, expires_at: "2026-01-02T00:00:00Z" };
    const requests = [{ type: "input", ...asks }] as const;

    const drawn = show({ ...node, turn: { ...node.turn, status: "running", parts, requests, parked: true } });

    expect(drawn.querySelector("[data-tool]")?.getAttribute("data-status")).toBe("waiting");
  });

  it("shows nothing in place of a budget warning that can't be loaded", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {}); // React logs what was caught
    vi.doMock("../approvals/BudgetNote", () => Promise.reject(new TypeError("Failed to fetch")));
    const node = nodeOf("plain-text");
    const warnings = [{ limit: "user_tokens_per_day", used: 9, allowed: 10 }] as never;

    show({ ...node, turn: { ...node.turn, warnings } });

    await vi.waitFor(() => expect(logged).toHaveBeenCalled());
    expect(screen.queryByRole("alert")).toBeNull();
    vi.doUnmock("../approvals/BudgetNote");
  });

  it("lists every model call when the details are opened", async () => {
    show(nodeOf("tools-parallel"));

    fireEvent.click(screen.getByRole("button", { name: /scripted · 3 model calls · 1,640 tokens/ }));

    const rows = (await screen.findAllByRole("row")).map((row) => row.textContent);
    expect(rows).toHaveLength(5);
    expect(rows[2]).toContain("Page summary · Search the web");
    expect(rows[4]).toContain("1,530");
  });

  it("names phases and finish reasons in the language of the page", async () => {
    await loadLanguage("de");
    show(nodeOf("tools-parallel"));

    fireEvent.click(screen.getByRole("button", { name: /3 Modellaufrufe/ }));

    const rows = (await screen.findAllByRole("row")).map((row) => row.textContent);
    expect(rows[1]).toMatch(/^Antwort.*Tool-Aufrufe$/);
    expect(rows[2]).toMatch(/^Zusammenfassung einer Seite · Im Web suchen.*Fertig$/);
  });

  it("shows a failure in the language of the page, with the server's message", async () => {
    await loadLanguage("de");
    show(nodeOf("error"));

    const note = screen.getByRole("note");
    expect(note.querySelector("p")?.lang).toBe("");
    expect(note.querySelector("p")?.textContent).toMatch(/Server|Dienst|Einstellung/);
    expect(note.querySelector("[lang=en]")?.textContent).not.toBe("");
  });

  it("is busy while it is written, and offers no actions", () => {
    show(nodeOf("tools-parallel", 6));

    expect(screen.getByRole("article").getAttribute("aria-busy")).toBe("true");
    expect(screen.queryByRole("button", { name: "AssistantMessage again" })).toBeNull();
  });

  it("shows an error with what to do about it", () => {
    const node = nodeOf("error");
    show(node);

    fireEvent.click(screen.getByRole("button", { name: "Try again" }));

    expect(screen.getByText(/provider ended the answer/)).toBeTruthy();
    expect(conversations.messages.regenerate).toHaveBeenCalledWith(node, { tools: [] });
  });

  it("resumes an answer whose connection was lost", () => {
    const node = nodeOf("error", 4);
    const failure = { message: "Out of reach.", code: "UPSTREAM_ERROR", retryable: true, lost: true } as const;
    const lost = { ...node, turn: { ...node.turn, status: "failed" as const, failure } };
    show(lost);

    fireEvent.click(screen.getByRole("button", { name: "Continue" }));

    expect(conversations.resume).toHaveBeenCalledWith(lost);
  });

  it("shows that it reconnects", () => {
    state.setState({ connections: new Map([["a", "reconnecting"]]) });
    show(nodeOf("plain-text", 5));

    expect(screen.getByText("Reconnecting…")).toBeTruthy();
  });

  it("shows that it was stopped", () => {
    show(nodeOf("cancelled"));

    expect(screen.getByText("You stopped this answer.")).toBeTruthy();
    expect(screen.getByText("Stopped")).toBeTruthy(); // the call that it was in
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("shows that a copy of an answer that was being written is not complete, and offers to continue it", async () => {
    const send = vi.spyOn(conversations.messages, "send");
    const { chats } = parseChats(
      JSON.parse(serializeChats([newChat("c", "Hello", 1)], [{ ...nodeOf("plain-text", 5), chatId: "c" }])),
    );
    const copy = chats[0]?.nodes[0] as AssistantNode;
    state.setState({ chats: new Map([[copy.chatId, { ...newChat(copy.chatId, "Hello", 1), leafId: copy.id }]]) });
    show(copy);

    expect(screen.getByText("This answer is not complete.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Continue" }));

    expect(send).toHaveBeenCalledExactlyOnceWith("Continue where you stopped.", expect.anything());
  });
});
