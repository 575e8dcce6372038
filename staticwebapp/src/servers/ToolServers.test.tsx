import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { withServices } from "../../test/services";
import type { ChatApi } from "../api/client";
import type { ToolServer } from "../api/serverInfo";
import { createChatState } from "../chat/state";
import { ToolServers } from "./ToolServers";

function show(servers: readonly ToolServer[], more: Partial<ChatApi> = {}) {
  const api = {
    listToolServers: async () => servers,
    listModels: async () => ({ models: [], openProviders: [] }),
    listTools: async () => [],
    limits: async () => ({}),
    ...more,
  } as unknown as ChatApi;
  render(withServices({ api, state: createChatState() }, <ToolServers />));
}

describe("ToolServers", () => {
  it("shows the state of each server, and offers a sign-in where users sign in", async () => {
    show([
      { name: "docs", available: true },
      { name: "gone", available: false },
      { name: "calendar", available: false, signedIn: false },
      { name: "mail", available: true, signedIn: true },
    ]);

    const rows = (await screen.findAllByRole("listitem")).map(({ textContent }) => textContent);

    expect(rows).toEqual([
      "docsAvailable",
      "goneUnavailable",
      "calendarSign-in requiredSign in",
      "mailAvailableSign out",
    ]);
  });

  it("shows the host of a sign-in before the user goes there", async () => {
    show([{ name: "calendar", available: false, signedIn: false }], {
      signInToServer: async (name) => `https://login.example.com/authorize?server=${name}`,
    });

    await userEvent.click(await screen.findByRole("button", { name: "Sign in to calendar" }));

    const link = await screen.findByRole("link", { name: "Continue at login.example.com" });
    expect(link.getAttribute("href")).toBe("https://login.example.com/authorize?server=calendar");
    expect(link.getAttribute("rel")).toBe("noopener noreferrer");
    expect(document.activeElement).toBe(link); // the button that was pressed is gone
  });

  it("signs out", async () => {
    const signOutOfServer = vi.fn(async () => {});
    const listTools = vi.fn(async () => []);
    show([{ name: "mail", available: true, signedIn: true }], { signOutOfServer, listTools });

    await userEvent.click(await screen.findByRole("button", { name: "Sign out of mail" }));

    expect(signOutOfServer).toHaveBeenCalledWith("mail");
    await vi.waitFor(() => expect(listTools).toHaveBeenCalled());
  });
});
