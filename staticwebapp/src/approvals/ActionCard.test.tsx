import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import type { ChatApi } from "../api/client";
import type { InputRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { ActionCard } from "./ActionCard";

const request: InputRequestData = {
  id: "req_1",
  call_id: "call_1",
  message: "Pay for the order.",
  schema: {},
  expires_at: "2026-01-02T00:00:00+00:00",
};

function show(more: Partial<InputRequestData>, api: Partial<ChatApi> = {}) {
  const answer = vi.fn(async () => false);
  const services = { api, conversations: { answer } };
  render(withServices(services, <ActionCard node={{} as AssistantNode} request={{ ...request, ...more }} />));
  return answer;
}

describe("ActionCard", () => {
  it("shows the host and the whole address of a page, and opens it only when the user does", async () => {
    show({ url: "https://pay.example.com/orders/7?token=abc" });

    const link = screen.getByRole("link", { name: "Continue at pay.example.com" });

    expect(link.getAttribute("href")).toBe("https://pay.example.com/orders/7?token=abc");
    expect(link.getAttribute("rel")).toBe("noopener noreferrer");
    expect(link.getAttribute("target")).toBe("_blank");
    expect(screen.getByText("https://pay.example.com/orders/7?token=abc")).toBeTruthy();
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "pay"])("shows no link for %s", (url) => {
    show({ url });

    expect(screen.queryByRole("link")).toBeNull();
  });

  it("starts a sign-in when the user asks for it", async () => {
    show(
      { sign_in: "calendar" },
      { signInToServer: async (name) => `https://login.example.com/authorize?server=${name}` },
    );

    await userEvent.click(screen.getByRole("button", { name: "Sign in to calendar" }));

    const link = await screen.findByRole("link", { name: "Continue at login.example.com" });
    expect(link.getAttribute("target")).toBe("_blank");
  });

  it.each([
    ["Done", { type: "answer", request_id: "req_1", content: "{}" }],
    ["Decline", { type: "deny", request_id: "req_1" }],
  ])("answers with %s", async (name, signal) => {
    const answer = show({ url: "https://pay.example.com/" });

    await userEvent.click(screen.getByRole("button", { name }));

    expect(answer).toHaveBeenCalledWith(expect.anything(), signal, undefined);
  });
});
