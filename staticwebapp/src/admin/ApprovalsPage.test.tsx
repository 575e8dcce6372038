import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { withServices } from "../../test/services";
import { createChatState } from "../chat/state";
import { loadLanguage } from "../i18n/strings";
import ApprovalsPage from "./ApprovalsPage";
import type { AdminApi, WaitingCall } from "./adminApi";

const call: WaitingCall = {
  turn_id: "turn-0001",
  request_id: "req_1",
  owner: "key user",
  name: "send_mail",
  arguments: '{"to":"bo"}',
  reason: "This tool may change something.",
  expires_at: "2026-01-02T00:00:00Z",
};

function show(changes: Partial<WaitingCall>) {
  const state = createChatState();
  state.setState({ roles: ["approver"] });
  const api: Pick<AdminApi, "waiting"> = { waiting: async () => [{ ...call, ...changes }] };
  const admin = async () => api as AdminApi;
  render(withServices({ state, admin }, <ApprovalsPage />));
}

it("The reason for an approval is in the user's language where the page knows its code", async () => {
  await loadLanguage("de");

  show({ reason_code: "changes" });

  expect(await screen.findByText("Dieses Tool kann etwas ändern.")).toBeTruthy();
  expect(screen.queryByText(call.reason ?? "")).toBeNull();
});

it("The reason for an approval is the server's where the page does not know its code", async () => {
  await loadLanguage("de");

  show({ reason_code: "new" as "changes" });

  expect(await screen.findByText(call.reason ?? "")).toBeTruthy();
});
